import type { BrowsedMessage } from "../../api/hooks/topics";
import { clockTimeMs, exactTimeMs } from "../../lib/format";
import { oneLine } from "../../lib/oneLine";
import { Icon } from "../../ui/Icon";
import { cx } from "../../ui/cx";
import { BrowsedDetails } from "./BrowsedDetails";

interface BrowsedRowsProps {
  topic: string;
  /** Newest last, as they are answered; shown newest first, as everywhere. */
  messages: readonly BrowsedMessage[];
  open: string | undefined;
  onOpen(place: string | undefined): void;
}

const placeOf = ({ partition, offset }: BrowsedMessage) => `${partition}/${offset}`;

export function BrowsedRows({ topic, messages, open, onOpen }: BrowsedRowsProps) {
  return (
    <ul aria-label="Messages, newest first" className="-mx-2">
      {messages.toReversed().map((message) => {
        const place = placeOf(message);
        const isOpen = place === open;
        return (
          <li key={place}>
            <Row message={message} open={isOpen} onToggle={() => onOpen(isOpen ? undefined : place)} />
            {isOpen && <BrowsedDetails topic={topic} message={message} />}
          </li>
        );
      })}
    </ul>
  );
}

function Row({ message, open, onToggle }: { message: BrowsedMessage; open: boolean; onToggle(): void }) {
  return (
    <button
      type="button"
      aria-expanded={open}
      onClick={onToggle}
      className={cx(
        "flex w-full flex-wrap items-center gap-x-3 gap-y-0.5 rounded-md px-2 py-1.5 text-left font-mono text-xs hover:bg-hover focus-visible:outline-offset-[-2px]",
        "sm:grid sm:grid-cols-[auto_auto_7rem_minmax(4rem,10rem)_minmax(0,1fr)]",
        open && "bg-hover",
      )}
    >
      <Icon name="chevron" className={cx("size-3 text-faint", open && "rotate-90")} />
      <Time ms={message.timestamp_ms} />
      <span className="figures truncate text-soft">{placeOf(message)}</span>
      <Key message={message} />
      <Value message={message} />
    </button>
  );
}

function Time({ ms }: { ms: number | null }) {
  if (ms === null) return <Mark>no time</Mark>;
  return (
    <time className="figures text-faint" title={exactTimeMs(ms)}>
      {new Date(ms).toLocaleDateString()} {clockTimeMs(ms)}
    </time>
  );
}

function Key({ message: { key, key_base64 } }: { message: BrowsedMessage }) {
  if (key_base64 !== undefined) return <Mark>binary key</Mark>;
  if (key === null || key === undefined) return <Mark>no key</Mark>;
  return key === "" ? <Mark>empty key</Mark> : <span className="min-w-0 truncate text-accent">{key}</span>;
}

function Value({ message: { value, value_base64 } }: { message: BrowsedMessage }) {
  if (value_base64 !== undefined) return <Mark>{`binary ${value_base64.slice(0, 60)}`}</Mark>;
  if (value === null || value === undefined) return <Mark>tombstone</Mark>;
  return value === "" ? <Mark>empty</Mark> : <span className="w-full min-w-0 truncate sm:w-auto">{oneLine(value)}</span>;
}

const Mark = ({ children }: { children: string }) => <span className="truncate text-faint italic">{children}</span>;
