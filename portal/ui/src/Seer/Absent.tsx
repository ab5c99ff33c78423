import type { Part } from "../System/parts";
import { StateBadge } from "../System/StateBadge";
import { sentence } from "../lib/sentence";
import { CopyButton } from "../ui/CopyButton";
import { Panel } from "../ui/Panel";

const COMMANDS = [
  { name: "Start what is down", command: "make up" },
  { name: "Why it ended", command: "make logs SERVICE=seer" },
] as const;

/** The seer gives no answer: how to start it, and where the portal looks. */
export function Absent({ seer: { state, why, url, setting } }: { seer: Part }) {
  return (
    <Panel title="Seer" className="mx-auto w-full max-w-3xl" aside={<StateBadge state={state} />}>
      <div role="alert" className="flex flex-col gap-4 text-sm text-pretty text-soft">
        <p className="text-base text-ink">The seer is not there, so nothing can be asked just now.</p>
        <p>It is the service that indexes documents and topics and answers questions with the place it read the answer at. This page asks again by itself.</p>
        <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-1">
          {COMMANDS.map(({ name, command }) => (
            <div key={command} className="contents">
              <dt className="text-faint">{name}</dt>
              <dd className="flex items-center gap-1 font-mono text-xs">
                {command}
                <CopyButton text={command} what={command} />
              </dd>
            </div>
          ))}
          {url && setting && (
            <>
              <dt className="text-faint">The portal looks at</dt>
              <dd className="font-mono text-xs wrap-anywhere">{`${setting}=${url}`}</dd>
            </>
          )}
        </dl>
        {why && <p className="text-faint">{sentence(why)}</p>}
      </div>
    </Panel>
  );
}
