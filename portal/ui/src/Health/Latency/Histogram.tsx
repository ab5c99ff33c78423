import type { Latency } from "../../api/hooks/latency";
import { count, roughDuration } from "../../lib/format";
import { plural } from "../../lib/plural";
import { Cell, PlainTable, ROW } from "../../ui/PlainTable";
import { cx } from "../../ui/cx";
import { type Bar, type Mark, barsOf, marksOf } from "./histogram";

const LABEL = "How many messages took how long";

/** Bars over the latency, which doubles in equal steps; the same as a table below. */
export function Histogram({ latency }: { latency: Latency }) {
  const bars = barsOf(latency.buckets);
  const most = Math.max(1, ...bars.map(({ count: messages }) => messages));
  return (
    <figure>
      <div role="img" aria-label={`${LABEL}. The median is ${roughDuration(latency.p50)}; the table below has the numbers.`} className="pt-2">
        <div className="flex h-44 items-end gap-px border-b border-line">
          {bars.map((bar) => (
            <BarColumn key={bar.fromUs} bar={bar} most={most} />
          ))}
        </div>
        <div className="figures relative mt-1 h-5 text-xs text-faint">
          {marksOf(bars).map((mark) => (
            <MarkText key={mark.us} mark={mark} />
          ))}
        </div>
      </div>
      <HistogramTable bars={bars} total={latency.count} />
    </figure>
  );
}

const rangeText = ({ fromUs, toUs }: Bar) => `${roughDuration(fromUs)} to ${roughDuration(toUs)}`;

/** The whole column is hovered, also above a low bar. A bar of one message among millions is still seen. */
const BarColumn = ({ bar, most }: { bar: Bar; most: number }) => (
  <div className="flex h-full min-w-0 flex-1 items-end hover:bg-hover" title={`${rangeText(bar)}: ${plural(bar.count, "message")}`}>
    {bar.count > 0 && <div className="min-h-0.5 w-full rounded-t-sm bg-chart-1" style={{ height: `${(100 * bar.count) / most}%` }} />}
  </div>
);

const EDGE = 0.06;

const MarkText = ({ mark: { us, at } }: { mark: Mark }) => (
  <span
    className={cx("absolute whitespace-nowrap", at >= EDGE && (at > 1 - EDGE ? "-translate-x-full" : "-translate-x-1/2"))}
    style={{ left: `${100 * at}%` }}
  >
    {roughDuration(us)}
  </span>
);

const HistogramTable = ({ bars, total }: { bars: readonly Bar[]; total: number }) => (
  <details className="mt-2 text-xs text-faint">
    <summary className="w-fit rounded hover:text-ink">As a table</summary>
    <div className="mt-2">
      <PlainTable label={`${LABEL}, as a table`} heads={[{ title: "Took" }, { title: "Messages", right: true }, { title: "Share", right: true }]}>
        {bars
          .filter(({ count: messages }) => messages > 0)
          .map((bar) => (
            <tr key={bar.fromUs} className={ROW}>
              <Cell>{rangeText(bar)}</Cell>
              <Cell right>{count(bar.count)}</Cell>
              <Cell right>{`${((100 * bar.count) / total).toFixed(1)} %`}</Cell>
            </tr>
          ))}
      </PlainTable>
    </div>
  </details>
);
