import { IconButton } from "../../ui/Button";
import { Panel } from "../../ui/Panel";
import { When } from "../../ui/When";
import { BurstReport } from "./BurstReport";
import { outcomeOf, whatOf } from "./burstWords";
import type { KeptBurst } from "./bursts";

/** A burst of before, as far as it was followed. */
export function KeptBurstPanel({ burst, onClose }: { burst: KeptBurst; onClose(): void }) {
  const { count, report, beganMs } = burst;
  return (
    <Panel title="Burst" aside={<IconButton icon="cross" label="Close the burst" onClick={onClose} />}>
      <p className="mb-1 text-xs text-faint">
        {whatOf(burst)}, <When ms={beganMs} />
      </p>
      <BurstReport headline={report?.phase === "over" ? outcomeOf(report) : "It was left before it was over."} count={count} report={report} />
    </Panel>
  );
}
