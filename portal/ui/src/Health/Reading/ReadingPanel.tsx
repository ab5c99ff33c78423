import { type Totals, useTotals } from "../../api/hooks/status";
import { Notice } from "../../ui/Notice";
import { Panel } from "../../ui/Panel";
import { When } from "../../ui/When";
import { cx } from "../../ui/cx";
import { ConsumerAnswer } from "../ConsumerAnswer";
import { type Figure, FIGURES } from "./figures";
import { TopicsBehind } from "./TopicsBehind";

/** What the consumer counts: is it keeping up, and was anything odd? */
export function ReadingPanel() {
  const totals = useTotals();
  return (
    <Panel title="Reading">
      <ConsumerAnswer query={totals} what="its figures">
        {(data) => (
          <>
            {data.paused && (
              <div className="mb-3">
                <Notice tone="warn">The consumer stands still: {data.paused}</Notice>
              </div>
            )}
            <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line 2xl:grid-cols-5">
              {FIGURES.map((figure) => (
                <FigureCell key={figure.label} figure={figure} totals={data} />
              ))}
            </dl>
            <p className="mt-2 text-xs text-pretty text-faint">
              {data.since === null ? "Nothing was counted yet." : <Since since={data.since} />} Lost messages and messages out of order are not counted:
              the consumer of this version does not look for them.
            </p>
            <TopicsBehind topics={data.by_topic} />
          </>
        )}
      </ConsumerAnswer>
    </Panel>
  );
}

const Since = ({ since }: { since: string }) => (
  <>
    Duplicates, failed and negative ones are counted since <When ms={Date.parse(since)} />, over restarts.
  </>
);

const FigureCell = ({ figure: { label, about, value, alarming }, totals }: { figure: Figure; totals: Totals }) => (
  <div className="flex min-w-0 flex-col bg-surface max-2xl:last:col-span-2 px-3 py-2.5">
    <dt className="text-xs text-faint">{label}</dt>
    <dd className={cx("figures text-lg font-medium tracking-tight", alarming?.(totals) && "text-warn")}>{value(totals)}</dd>
    <dd className="text-xs text-pretty text-faint">{about}</dd>
  </div>
);
