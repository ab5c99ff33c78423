// What the consumer was asked for, in each of its states: on its way, not answered, here, here but no longer fresh.
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { problemOf } from "../api/http";
import { clockTimeMs } from "../lib/format";
import { sentence } from "../lib/sentence";
import { Notice } from "../ui/Notice";
import { Empty } from "../ui/Panel";

interface ConsumerAnswerProps<T> {
  query: UseQueryResult<T>;
  /** What is waited for: "the latencies". */
  what: string;
  children: (data: T, asOfMs: number) => ReactNode;
}

export function ConsumerAnswer<T>({ query: { data, error, dataUpdatedAt }, what, children }: ConsumerAnswerProps<T>) {
  if (data === undefined && error) {
    return (
      <div role="alert" className="flex flex-1 flex-col">
        <Empty title={`The consumer does not tell ${what}`}>{troubleText(error)} This page asks again by itself.</Empty>
      </div>
    );
  }
  if (data === undefined) {
    return (
      <p role="status" className="appear-late py-10 text-center text-sm text-faint">
        Asking the consumer for {what}
      </p>
    );
  }
  return (
    <>
      {error && (
        <div className="mb-3">
          <Notice tone="warn">
            {troubleText(error)} What stands here is from {clockTimeMs(dataUpdatedAt).slice(0, 8)}; it goes on by itself.
          </Notice>
        </div>
      )}
      {children(data, dataUpdatedAt)}
    </>
  );
}

/** In the words of whoever noticed: the consumer, the portal that did not reach it, the page that did not reach the portal. */
function troubleText(error: unknown): string {
  const { detail, title } = problemOf(error);
  return sentence(detail || title);
}
