import { memo } from "react";
import type { Envelope } from "../../api/hooks/consume";
import { clockTimeMs, exactTimeMs } from "../../lib/format";
import { Icon } from "../../ui/Icon";
import { cx } from "../../ui/cx";
import type { MessageRow, NoteRow, Row } from "./rowBuffer";

interface LogRowProps {
  row: Row;
  narrow: boolean;
  height: number;
  open: boolean;
  onToggle(): void;
}

export const LogRow = memo(
  function LogRow({ row, ...rest }: LogRowProps) {
    return row.kind === "note" ? <Note row={row} height={rest.height} /> : <Message row={row} {...rest} />;
  },
  // onToggle is made anew each time, and always does the same for the same row.
  (a, b) => a.row === b.row && a.open === b.open && a.narrow === b.narrow,
);

function Note({ row: { text, tone }, height }: { row: NoteRow; height: number }) {
  return (
    <div
      className={cx("flex items-center gap-3 px-2 text-xs", tone === "warn" ? "text-warn" : "text-faint")}
      style={{ height }}
      title={text}
    >
      <span className="h-px w-4 bg-current opacity-40" />
      <span className="line-clamp-2 min-w-0">{text}</span>
      <span className="h-px min-w-4 flex-1 bg-current opacity-40" />
    </div>
  );
}

function Message({ row, narrow, height, open, onToggle }: Omit<LogRowProps, "row"> & { row: MessageRow }) {
  const { message, preview } = row;
  const time = (
    <time className="figures shrink-0 text-faint" title={message.timestamp_ms === null ? "It carries no time" : exactTimeMs(message.timestamp_ms)}>
      {message.timestamp_ms === null ? "--:--:--.---" : clockTimeMs(message.timestamp_ms)}
    </time>
  );
  return (
    <button
      type="button"
      aria-expanded={open}
      onClick={onToggle}
      style={{ height }}
      className={cx(
        "w-full rounded-md px-2 text-left font-mono text-xs hover:bg-hover focus-visible:outline-offset-[-2px]",
        open && "bg-hover",
        narrow ? "flex flex-col justify-center gap-0.5" : "grid grid-cols-[auto_6.5rem_minmax(0,var(--place))_minmax(4rem,8rem)_1fr] items-center gap-3",
      )}
    >
      {narrow ? (
        <>
          <span className="flex w-full min-w-0 gap-3">
            {time}
            <Place message={message} />
            <Key message={message} />
          </span>
          <Value message={message} preview={preview} />
        </>
      ) : (
        <>
          <Icon name="chevron" className={cx("size-3 text-faint", open && "rotate-90")} />
          {time}
          <Place message={message} />
          <Key message={message} />
          <Value message={message} preview={preview} />
        </>
      )}
    </button>
  );
}

function Place({ message: { topic, partition, offset } }: { message: Envelope }) {
  return (
    <span className="flex min-w-0 text-soft">
      <span className="truncate">{topic}</span>
      <span className="figures shrink-0 text-faint">
        /{partition}/{offset}
      </span>
    </span>
  );
}

function Key({ message }: { message: Envelope }) {
  if (message.key_base64 !== undefined) return <Mark>binary key</Mark>;
  if (message.key === null || message.key === undefined) return <Mark>no key</Mark>;
  if (message.key === "") return <Mark>empty key</Mark>;
  return <span className="min-w-0 truncate text-accent">{message.key}</span>;
}

function Value({ message, preview }: { message: Envelope; preview: string }) {
  if (message.value === null) return <Mark>tombstone</Mark>;
  if (message.value === "") return <Mark>empty</Mark>;
  return (
    <span className="min-w-0 truncate">
      {message.value_base64 !== undefined && <Mark>binary </Mark>}
      {preview}
    </span>
  );
}

const Mark = ({ children }: { children: string }) => <span className="truncate text-faint italic">{children}</span>;
