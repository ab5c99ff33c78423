// What the steward was asked for, in each of its states: not there yet, refused, here, here but no longer fresh.
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { isStewardGone } from "../api/hooks/steward";
import { type Problem, problemOf } from "../api/http";
import { clockTimeMs } from "../lib/format";
import { sentence } from "../lib/sentence";
import { CopyButton } from "../ui/CopyButton";
import { Notice } from "../ui/Notice";
import { Empty } from "../ui/Panel";

interface AnswerProps<T> {
  query: UseQueryResult<T>;
  /** What is waited for: "the topics". */
  what: string;
  children: (data: T) => ReactNode;
}

export function Answer<T>({ query, what, children }: AnswerProps<T>) {
  const { data, error, dataUpdatedAt } = query;
  if (data === undefined) return error ? <Trouble problem={problemOf(error)} what={what} /> : <Waiting what={what} />;
  return (
    <>
      {error && (
        <div className="mb-3">
          <Notice tone="warn">
            {isStewardGone(problemOf(error)) ? "The steward gives no answer." : sentence(problemOf(error).detail)} What stands here is from{" "}
            {clockTimeMs(dataUpdatedAt).slice(0, 8)}; it goes on by itself.
          </Notice>
        </div>
      )}
      {children(data)}
    </>
  );
}

const Waiting = ({ what }: { what: string }) => (
  <p role="status" className="appear-late py-10 text-center text-sm text-faint">
    Asking the steward for {what}
  </p>
);

const START = "make up";
const LOGS = "make logs SERVICE=steward";

function Trouble({ problem, what }: { problem: Problem; what: string }) {
  if (!isStewardGone(problem)) {
    return (
      <div role="alert" className="flex flex-1 flex-col">
        <Empty title={problem.status === 404 ? "Not there" : `No answer about ${what}`}>{sentence(problem.detail || problem.title)}</Empty>
      </div>
    );
  }
  return (
    <div role="alert" className="flex flex-1 flex-col items-center justify-center gap-2 px-4 py-12 text-center">
      <p className="font-medium text-soft">The steward is not there</p>
      <p className="max-w-md text-sm text-pretty text-faint">
        It is the service that knows the cluster&rsquo;s topics and groups. This page asks again by itself and shows {what} when it answers.
      </p>
      <dl className="mt-3 grid grid-cols-[auto_auto] items-center gap-x-4 gap-y-1 text-left text-sm">
        <Command name="Start what is down" command={START} />
        <Command name="Why it ended" command={LOGS} />
      </dl>
      <p className="max-w-md text-xs text-pretty text-faint">{sentence(problem.detail)}</p>
    </div>
  );
}

const Command = ({ name, command }: { name: string; command: string }) => (
  <>
    <dt className="text-faint">{name}</dt>
    <dd className="flex items-center gap-1 font-mono text-xs text-soft">
      {command}
      <CopyButton text={command} what={command} />
    </dd>
  </>
);
