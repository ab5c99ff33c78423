import type { ReactNode } from "react";
import { type Need, type Part, ABOUT } from "../System/parts";
import { StateBadge } from "../System/StateBadge";
import { useParts } from "../System/useParts";
import { elapsed, exactTimeMs } from "../lib/format";
import { sentence } from "../lib/sentence";
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

function PartCard({ part, asOfMs }: { part: Part; asOfMs: number }) {
  const { name, state, why, needs } = part;
  return (
    <li aria-label={name} className="flex min-w-0 flex-col gap-2 rounded-lg border border-line bg-sunken p-3">
      <div className="flex items-center justify-between gap-2">
        <h3 className="text-sm font-semibold capitalize">{name}</h3>
        <StateBadge state={state} />
      </div>
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
    </li>
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
