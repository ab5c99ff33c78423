import { Button, IconButton } from "../../ui/Button";
import { Panel } from "../../ui/Panel";
import { BurstReport } from "./BurstReport";
import { outcomeOf, whatOf } from "./burstWords";
import type { BurstPlan } from "./burst";
import { type Report, useBurst } from "./useBurst";

interface BurstPanelProps {
  plan: BurstPlan;
  /** The first message was read; acceptedMs: when it was accepted. */
  onRead(acceptedMs: number): void;
  onClose(): void;
}

/** A burst as it goes: how far it is, and how long its messages take. */
export function BurstPanel({ plan, onRead, onClose }: BurstPanelProps) {
  const { report, stop } = useBurst(plan, onRead);
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
      <BurstReport headline={headline(plan, report)} count={plan.count} report={report} />
    </Panel>
  );
}

function headline(plan: BurstPlan, report: Report | undefined): string {
  if (!report || report.phase === "sending") return report?.stopped ? "Stopped; waiting for the last outcomes." : `Sending ${whatOf(plan)}.`;
  if (report.phase === "reading") return "All are sent; waiting until they are read.";
  return outcomeOf(report);
}
