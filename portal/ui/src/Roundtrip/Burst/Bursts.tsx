import { useStored } from "../../lib/stored";
import { BurstPanel } from "./BurstPanel";
import { KeptBurstPanel } from "./KeptBurstPanel";
import type { BurstPlan } from "./burst";
import { burstsStore } from "./bursts";

interface BurstsProps {
  running: BurstPlan | undefined;
  /** The id of the one that is looked at. */
  shown: string | undefined;
  /** The first message of the running one was read. */
  onRead(first: { topic: string; timestamp_ms: number }): void;
  onShow(id: string | undefined): void;
  onEnd(): void;
}

/** The burst that is looked at. One that runs goes on while something else is. */
export function Bursts({ running, shown, onRead, onShow, onEnd }: BurstsProps) {
  const [bursts] = useStored(burstsStore);
  const kept = shown === running?.id ? undefined : bursts.find(({ id }) => id === shown);
  return (
    <>
      {kept && <KeptBurstPanel burst={kept} onClose={() => onShow(undefined)} />}
      {running && (
        <div hidden={shown !== running.id}>
          <BurstPanel
            key={running.id}
            plan={running}
            onRead={(acceptedMs) => onRead({ topic: running.topic, timestamp_ms: acceptedMs })}
            onClose={() => {
              onEnd();
              onShow(undefined);
            }}
          />
        </div>
      )}
    </>
  );
}
