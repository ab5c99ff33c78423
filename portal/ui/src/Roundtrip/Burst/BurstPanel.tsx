import { count, roughDuration } from "../../lib/format";
import { sentence } from "../../lib/sentence";
import { Button, IconButton } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import { Panel } from "../../ui/Panel";
import { LineChart } from "../../ui/chart/LineChart";
import { Spread } from "./Spread";
import type { BurstPlan } from "./burst";
import type { Summary } from "./latencies";
import { type Measured, type Report, useBurst } from "./useBurst";

/** A burst as it goes: how far it is, and how long its messages take. */
export function BurstPanel({ plan, onClose }: { plan: BurstPlan; onClose(): void }) {
  const { report, stop } = useBurst(plan);
  const over = report?.phase === "over";
  const canStop = !report?.stopped && (report?.phase ?? "sending") === "sending";
  const aside = (
    <span className="flex items-center gap-2">
      {canStop && (
        <Button icon="stop" onClick={stop}>
          Stop the burst
        </Button>
      )}
      <IconButton icon="cross" label={over ? "Close the burst" : "Stop and close the burst"} onClick={onClose} />
    </span>
  );
  return (
    <Panel title="Burst" aside={aside}>
      <p role="status" className="text-sm text-soft">
        {headline(plan, report)}
      </p>
      {report && <Progress plan={plan} report={report} />}
      {report?.failure && (
        <Notice tone="bad">
          {count(report.failed)} failed. {sentence(report.failure)}
        </Notice>
      )}
      {report && (
        <div className="mt-4 grid gap-6 2xl:grid-cols-2">
          <Latency title="Accepted to acked" measured={report.acked} />
          <Latency title="Accepted to consumed" measured={report.read} />
        </div>
      )}
    </Panel>
  );
}

function headline({ topic, count: wanted, rate }: BurstPlan, report: Report | undefined): string {
  const what = `${count(wanted)} to ${topic}${rate === undefined ? "" : `, ${count(rate)} a second`}`;
  if (!report || report.phase === "sending") return report?.stopped ? "Stopped; waiting for the last outcomes." : `Sending ${what}.`;
  if (report.phase === "reading") return "All are sent; waiting until they are read.";
  const unread = report.acked.count - report.read.count;
  if (unread > 0) return `Over. ${count(unread)} were not read in time.`;
  return report.failed > 0 ? "Over; not all arrived." : "Done: all that were sent have been read.";
}

function Progress({ plan, report }: { plan: BurstPlan; report: Report }) {
  const { sent, failed, acked, read } = report;
  const figures = { sent, acked: acked.count, consumed: read.count, failed };
  return (
    <>
      <progress aria-label="Consumed" max={plan.count} value={read.count + failed} className="mt-2 h-1.5 w-full appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent" />
      <dl className="figures mt-1 mb-3 flex flex-wrap gap-x-5 gap-y-1 text-sm">
        {Object.entries(figures).map(([name, n]) => (
          <div key={name} className="flex gap-1.5">
            <dt className="text-faint">{name}</dt>
            <dd className={name === "failed" && n > 0 ? "text-bad" : "text-ink"}>{count(n)}</dd>
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
          <LineChart label={title} lines={course.lines} fromMs={course.fromMs} stepMs={course.stepMs} valueText={roughDuration} />
          <Spread label={`${title}: how many took how long`} bins={spread} />
        </>
      )}
    </section>
  );
}

const summaryText = ({ p50, p95, p99, max }: Summary) =>
  `p50 ${roughDuration(p50)}, p95 ${roughDuration(p95)}, p99 ${roughDuration(p99)}, longest ${roughDuration(max)}`;
