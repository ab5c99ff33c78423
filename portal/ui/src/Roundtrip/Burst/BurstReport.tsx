import { count as countText, roughDuration } from "../../lib/format";
import { sentence } from "../../lib/sentence";
import { Notice } from "../../ui/Notice";
import { LineChart } from "../../ui/chart/LineChart";
import { stepsOf } from "../../ui/chart/scale";
import { Spread } from "./Spread";
import type { Summary } from "./latencies";
import type { Measured, Report } from "./useBurst";

interface BurstReportProps {
  headline: string;
  /** How many were to be sent. */
  count: number;
  report: Report | undefined;
}

/** What is known of a burst: its counts, its latencies over time and how they are spread. */
export function BurstReport({ headline, count, report }: BurstReportProps) {
  return (
    <>
      <p role="status" className="text-sm text-soft">
        {headline}
      </p>
      {report && <Progress total={count} report={report} />}
      {report?.failure && (
        <Notice tone="bad">
          {countText(report.failed)} failed. {sentence(report.failure)}
        </Notice>
      )}
      {report && (
        <div className="@container mt-4">
          <div className="grid gap-6 @3xl:grid-cols-2">
            <Latency title="Accepted to acked" measured={report.acked} />
            <Latency title="Accepted to consumed" measured={report.read} />
          </div>
          <p className="mt-4 max-w-prose text-xs text-pretty text-faint">
            A message may be consumed before it is acked: the consumer can read it while the broker&rsquo;s answer is still on its way to the producer.
          </p>
        </div>
      )}
    </>
  );
}

function Progress({ total, report }: { total: number; report: Report }) {
  const { sent, failed, acked, read } = report;
  const figures = { sent, acked: acked.count, consumed: read.count, failed };
  return (
    <>
      <progress aria-label="Consumed" max={total} value={read.count + failed} className="mt-2 h-1.5 w-full appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent" />
      <dl className="figures mt-1 mb-3 flex flex-wrap gap-x-5 gap-y-1 text-sm">
        {Object.entries(figures).map(([name, n]) => (
          <div key={name} className="flex gap-1.5">
            <dt className="text-faint">{name}</dt>
            <dd className={name === "failed" && n > 0 ? "text-bad" : "text-ink"}>{countText(n)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Latency({ title, measured: { summary, course, spread } }: { title: string; measured: Measured }) {
  return (
    <section aria-label={title} className="min-w-0">
      <h3 className="text-sm font-medium">{title}</h3>
      <p className="figures mt-0.5 mb-3 min-h-5 text-sm text-soft">{summary ? summaryText(summary) : "Nothing yet."}</p>
      {summary && (
        <>
          {stepsOf(course.lines) > 1 && (
            <LineChart label={title} lines={course.lines} fromMs={course.fromMs} stepMs={course.stepMs} valueText={roughDuration} nested joined />
          )}
          <Spread label={`${title}: how many took how long`} bins={spread} />
        </>
      )}
    </section>
  );
}

const summaryText = ({ p50, p95, p99, max }: Summary) =>
  `p50 ${roughDuration(p50)}, p95 ${roughDuration(p95)}, p99 ${roughDuration(p99)}, longest ${roughDuration(max)}`;
