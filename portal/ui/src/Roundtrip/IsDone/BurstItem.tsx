import type { Mood } from "../../Journey/journey";
import { count } from "../../lib/format";
import type { KeptBurst } from "../Burst/bursts";
import { HistoryItem, type HistoryItemProps } from "./HistoryItem";

interface BurstItemProps extends Pick<HistoryItemProps, "nowMs" | "selected" | "onSelect"> {
  burst: KeptBurst;
  running: boolean;
}

export function BurstItem({ burst, running, ...rest }: BurstItemProps) {
  const { id, topic, count: wanted, beganMs, report } = burst;
  return (
    <HistoryItem {...rest} id={id} mood={moodOf(burst, running)} topic={topic} preview={`burst of ${count(wanted)}`} outcome={countsOf(report)} atMs={beganMs}>
      <span className="w-7 shrink-0" />
    </HistoryItem>
  );
}

function moodOf({ report, count: wanted }: KeptBurst, running: boolean): Mood {
  if (report?.phase !== "over") return running ? "wait" : "doubtful";
  if (report.failed > 0) return "failed";
  return report.read.count < Math.min(wanted, report.sent) ? "doubtful" : "done";
}

function countsOf(report: KeptBurst["report"]): string {
  if (!report) return "";
  const failed = report.failed > 0 ? `, ${count(report.failed)} failed` : "";
  return `${count(report.read.count)} of ${count(report.sent)} consumed${failed}`;
}
