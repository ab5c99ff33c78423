import { sendsStore } from "../../Journey/sends";
import { useStored } from "../../lib/stored";
import { useNow } from "../../lib/useNow";
import { Button } from "../../ui/Button";
import { Panel } from "../../ui/Panel";
import { burstsStore } from "../Burst/bursts";
import { useOtherReceipts } from "../useOtherReceipts";
import { BurstItem } from "./BurstItem";
import { SendItem } from "./SendItem";

interface HistoryProps {
  /** The send that is shown. */
  selected: string | undefined;
  onSelect(id: string): void;
  /** The burst that is shown, and the one that is under way. */
  burst: string | undefined;
  running: string | undefined;
  onBurst(id: string): void;
}

/** One's own sends and bursts in this browser, newest first; taking one shows it again. */
export function History({ selected, onSelect, burst, running, onBurst }: HistoryProps) {
  const [sends, setSends] = useStored(sendsStore);
  const [bursts, setBursts] = useStored(burstsStore);
  useOtherReceipts(selected);
  const nowMs = useNow(1_000, sends.length > 0);
  if (sends.length + bursts.length === 0) return null;
  const items = [
    ...sends.map((send) => ({
      atMs: send.sentMs,
      item: <SendItem key={send.id} send={send} nowMs={nowMs} selected={send.id === selected} onSelect={onSelect} />,
    })),
    ...bursts.map((one) => ({
      atMs: one.beganMs,
      item: <BurstItem key={one.id} burst={one} nowMs={nowMs} running={one.id === running} selected={one.id === burst} onSelect={onBurst} />,
    })),
  ].toSorted((a, b) => b.atMs - a.atMs);
  function forgetAll() {
    setSends([]);
    setBursts([]);
  }
  return (
    <Panel title="Your sends" className="flex-1 3xl:flex-none" aside={<Button onClick={forgetAll}>Forget all</Button>}>
      <div className="relative -mx-2 flex-1 lg:min-h-32">
        <ul className="max-h-72 overflow-y-auto lg:absolute lg:inset-0 lg:max-h-none 3xl:static 3xl:max-h-[60vh]">{items.map(({ item }) => item)}</ul>
      </div>
    </Panel>
  );
}
