import { Link } from "wouter";
import { messageAddress } from "../../Cluster/messageAddress";
import { duration, exactTimeMs, shortTime } from "../../lib/format";
import { useStored } from "../../lib/stored";
import { useNow } from "../../lib/useNow";
import { Icon, type IconName } from "../../ui/Icon";
import { Panel } from "../../ui/Panel";
import { Button } from "../../ui/Button";
import { cx } from "../../ui/cx";
import { type Send, sendsStore } from "../../Journey/sends";
import { type Journey, type Mood, journeyOf } from "../../Journey/journey";
import { useOtherReceipts } from "../useOtherReceipts";

const MARKS: Record<Mood, { icon?: IconName; className: string }> = {
  wait: { className: "text-accent" },
  late: { className: "text-warn" },
  done: { icon: "check", className: "text-ok" },
  failed: { icon: "cross", className: "text-bad" },
  doubtful: { icon: "question", className: "text-warn" },
};

/** One's own sends in this browser; taking one shows its journey again. */
export function History({ selected, onSelect }: { selected: string | undefined; onSelect(id: string): void }) {
  const [sends, setSends] = useStored(sendsStore);
  useOtherReceipts(selected);
  const nowMs = useNow(1_000, sends.length > 0);
  if (sends.length === 0) return null;
  return (
    <Panel
      title="Your sends"
      className="flex-1 3xl:flex-none"
      aside={<Button onClick={() => setSends([])}>Forget all</Button>}
    >
      <div className="relative -mx-2 flex-1 lg:min-h-32">
        <ul className="max-h-72 overflow-y-auto lg:absolute lg:inset-0 lg:max-h-none 3xl:static 3xl:max-h-[60vh]">
          {sends.map((send) => (
            <HistoryItem key={send.id} send={send} nowMs={nowMs} selected={send.id === selected} onSelect={onSelect} />
          ))}
        </ul>
      </div>
    </Panel>
  );
}

interface HistoryItemProps {
  send: Send;
  nowMs: number;
  selected: boolean;
  onSelect(id: string): void;
}

function HistoryItem({ send, nowMs, selected, onSelect }: HistoryItemProps) {
  const journey = journeyOf(send, { nowMs });
  const address = messageAddress(send.id);
  const { icon, className } = MARKS[journey.mood];
  return (
    <li className="flex items-center gap-1">
      <button
        type="button"
        aria-current={selected ? "true" : undefined}
        onClick={() => onSelect(send.id)}
        className={cx(
          "flex min-w-0 flex-1 items-center gap-3 rounded-lg px-2 py-1.5 text-left text-sm transition-colors hover:bg-hover",
          selected && "bg-accent-wash hover:bg-accent-wash",
        )}
      >
        <span className={cx("flex size-4 shrink-0 items-center justify-center", className)}>
          {icon ? <Icon name={icon} className="stroke-2" /> : <span className="pulse size-2 rounded-full bg-current" />}
        </span>
        <span className="max-w-2/5 min-w-0 shrink-0 truncate">{send.topic}</span>
        <span className="min-w-0 flex-1 truncate text-faint">{send.preview}</span>
        <span className="figures shrink-0 text-soft">{outcome(journey)}</span>
        <time className="figures hidden w-16 shrink-0 text-right text-xs text-faint sm:block" title={exactTimeMs(send.sentMs)}>
          {shortTime(send.sentMs, nowMs)}
        </time>
      </button>
      {address && (
        <Link
          href={address}
          aria-label={`Open the message to ${send.topic} of ${shortTime(send.sentMs, nowMs)}`}
          title="Open the message"
          className="flex size-7 shrink-0 items-center justify-center rounded-md text-faint hover:bg-hover hover:text-ink"
        >
          <Icon name="path" className="size-3.5" />
        </Link>
      )}
    </li>
  );
}

const outcome = ({ totalUs, headline }: Journey) => (totalUs === null ? headline : duration(totalUs));
