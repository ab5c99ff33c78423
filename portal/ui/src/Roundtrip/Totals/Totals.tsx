import type { UseQueryResult } from "@tanstack/react-query";
import type { Totals as TotalsData } from "../../api/hooks/status";
import { bytes, count, rate, roughDuration } from "../../lib/format";
import { Notice } from "../../ui/Notice";
import { cx } from "../../ui/cx";

interface Figure {
  label: string;
  /** The whole story, on hover. */
  about: string;
  read(totals: TotalsData): { value: string; unit?: string };
  alarming?(totals: TotalsData): boolean;
}

const withUnit = (text: string) => {
  const [value = "", unit] = text.split(" ");
  return unit ? { value, unit } : { value };
};

const latency = (read: (totals: TotalsData) => number): Figure["read"] => {
  return (totals) => (totals.latency_us.count === 0 ? { value: "–" } : withUnit(roughDuration(read(totals))));
};

const FIGURES: Figure[] = [
  { label: "Consumed", about: "Messages the consumer has read, over restarts", read: (t) => ({ value: count(t.n_consumed) }) },
  { label: "Volume", about: "Bytes of those messages", read: (t) => withUnit(bytes(t.bytes)) },
  { label: "Rate", about: "Messages a second, over the last ten seconds", read: (t) => ({ value: rate(t.rate), unit: "/s" }) },
  { label: "Lag", about: "Messages in Kafka that were not read yet", read: (t) => ({ value: count(t.lag) }), alarming: (t) => t.lag > 10_000 },
  { label: "Median", about: "From accepted to consumed, last hour: half were faster", read: latency((t) => t.latency_us.p50) },
  { label: "p99", about: "From accepted to consumed, last hour: 99 of 100 were faster", read: latency((t) => t.latency_us.p99) },
];

export function Totals({ totals }: { totals: UseQueryResult<TotalsData> }) {
  const { data, error } = totals;
  return (
    <section aria-label="Totals">
      <dl
        className={cx(
          "grid grid-cols-3 gap-px overflow-hidden rounded-xl border border-line bg-line sm:grid-cols-6",
          error && "opacity-60",
        )}
      >
        {FIGURES.map((figure) => (
          <FigureCell key={figure.label} figure={figure} totals={data} />
        ))}
      </dl>
      {error && data && <p className="mt-1.5 text-xs text-faint">These are the last figures that came; the consumer does not answer.</p>}
      {data?.paused && (
        <div className="mt-3">
          <Notice tone="warn">The consumer stands still: {data.paused}</Notice>
        </div>
      )}
    </section>
  );
}

function FigureCell({ figure, totals }: { figure: Figure; totals: TotalsData | undefined }) {
  const { value, unit } = totals ? figure.read(totals) : { value: "–", unit: undefined };
  const alarming = totals !== undefined && figure.alarming?.(totals);
  return (
    <div className="min-w-0 bg-surface px-3 py-2.5 sm:px-5 sm:py-3" title={figure.about}>
      <dt className="text-xs text-faint">{figure.label}</dt>
      <dd className={cx("figures truncate text-lg font-medium tracking-tight", alarming && "text-warn")}>
        {value}
        {unit && <span className="ml-1 text-sm font-normal text-faint">{unit}</span>}
      </dd>
    </div>
  );
}
