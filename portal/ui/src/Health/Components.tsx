import { type ReactNode, useState } from "react";
import { type Need, type Part, ABOUT } from "../System/parts";
import { StateBadge } from "../System/StateBadge";
import { useParts } from "../System/useParts";
import { elapsed, exactTimeMs } from "../lib/format";
import { sentence } from "../lib/sentence";
import { IconButton } from "../ui/Button";
import { CopyButton } from "../ui/CopyButton";
import { Icon } from "../ui/Icon";
import { Panel } from "../ui/Panel";
import { cx } from "../ui/cx";

/** Every part of the system: what runs, is it ready, and what it needs. */
export function Components() {
  const { parts, asOfMs } = useParts();
  return (
    <Panel title="Components">
      <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3 3xl:grid-cols-6">
        {parts.map((part) => (
          <PartCard key={part.name} part={part} asOfMs={asOfMs} />
        ))}
      </ul>
    </Panel>
  );
}

/** On a phone one that is ready is a line, with the rest behind a button. */
function PartCard({ part, asOfMs }: { part: Part; asOfMs: number }) {
  const { name, state } = part;
  const [open, setOpen] = useState(false);
  return (
    <li aria-label={name} className="flex min-w-0 flex-col gap-2 rounded-lg border border-line bg-sunken p-3">
      <div className="flex items-center gap-2">
        <h3 className="flex-1 text-sm font-semibold capitalize">{name}</h3>
        <StateBadge state={state} />
        {state === "ready" && (
          <IconButton icon="down" label={`More about the ${name}`} aria-expanded={open} className={cx("-my-1 sm:hidden", open && "rotate-180")} onClick={() => setOpen(!open)} />
        )}
      </div>
      <div className={cx("flex flex-1 flex-col gap-2", state === "ready" && !open && "max-sm:hidden")}>
        <PartDetails part={part} asOfMs={asOfMs} />
      </div>
    </li>
  );
}

function PartDetails({ part, asOfMs }: { part: Part; asOfMs: number }) {
  const { name, why, needs } = part;
  return (
    <>
      <p className="text-xs text-pretty text-faint">{ABOUT[name]}</p>
      {why && <p className="text-xs text-pretty wrap-anywhere text-bad">{sentence(why)}</p>}
      <PartFacts part={part} asOfMs={asOfMs} />
      {needs.length > 0 && (
        <ul aria-label={name === "kafka" ? "Who sees it" : `What the ${name} needs`} className="mt-auto flex flex-col gap-0.5">
          {needs.map((need) => (
            <NeedItem key={need.name} need={need} />
          ))}
        </ul>
      )}
    </>
  );
}

function PartFacts({ part: { name, version, uptimeS, url, setting }, asOfMs }: { part: Part; asOfMs: number }) {
  return (
    <dl className="figures grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3 gap-y-0.5 text-xs">
      {version && (
        <Row name="version">
          {version}
          <CopyButton text={version} what={`the ${name}'s version`} />
        </Row>
      )}
      {uptimeS !== undefined && (
        <Row name="up for">
          <span title={`since ${exactTimeMs(asOfMs - uptimeS * 1_000)}`}>{elapsed(uptimeS * 1_000)}</span>
        </Row>
      )}
      {url && (
        <Row name="asked at">
          <span title={`the portal's ${setting}`} className="truncate">
            {url}
          </span>
        </Row>
      )}
      {name === "kafka" && <Row name="version">not told to clients</Row>}
    </dl>
  );
}

const Row = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt className="text-faint">{name}</dt>
    <dd className="flex min-h-5 min-w-0 items-center gap-1 text-soft">{children}</dd>
  </>
);

const NeedItem = ({ need: { name, ready, why } }: { need: Need }) => (
  <li className={cx("flex items-start gap-1.5 text-xs", ready ? "text-soft" : "text-bad")}>
    <Icon name={ready ? "check" : "cross"} className={cx("mt-0.5 size-3.5", ready && "text-ok")} />
    <span className="min-w-0 wrap-anywhere">
      {name}
      {ready ? <span className="sr-only">: ready</span> : `: ${why ?? "not ready"}`}
    </span>
  </li>
);
