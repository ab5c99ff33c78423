import type { Envelope } from "../../api/hooks/consume";
import { bytes, count, exactTimeMs } from "../../lib/format";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import type { MessageRow } from "./rowBuffer";

/** One message in full, below its row. */
export function MessageDetails({ row, height, onSelect }: { row: MessageRow; height: number; onSelect(id: string): void }) {
  const { message, cut } = row;
  const value = message.value ?? message.value_base64 ?? "";
  return (
    <div className="p-2 pt-0" style={{ height }}>
      <div className="flex h-full flex-col gap-3 overflow-y-auto rounded-lg border border-line bg-sunken p-3 text-xs">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <span className="flex min-w-0 items-center gap-1">
            <span className="min-w-0 font-mono break-all">{message.id}</span>
            <CopyButton text={message.id} what="the id" />
          </span>
          <Button icon="path" className="h-7" onClick={() => onSelect(message.id)}>
            Show its journey
          </Button>
        </div>
        <dl className="flex flex-wrap gap-x-6 gap-y-1 text-soft">
          <Pair name="written">{message.timestamp_ms === null ? "without a time" : exactTimeMs(message.timestamp_ms)}</Pair>
          {message.headers.map((header, index) => (
            // Headers may repeat and never move.
            // oxlint-disable-next-line react/no-array-index-key
            <Pair key={index} name={header.name}>
              {header.value ?? (header.value_base64 === undefined ? "null" : `base64 ${header.value_base64}`)}
            </Pair>
          ))}
        </dl>
        <div className="flex min-h-0 flex-1 items-start gap-1">
          <pre className="min-w-0 flex-1 font-mono leading-5 wrap-anywhere whitespace-pre-wrap">
            {value}
            {cut > 0 && <span className="text-faint">{`\n… ${count(cut)} more characters`}</span>}
          </pre>
          {cut === 0 && value !== "" && <CopyButton text={value} what={`the value (${sizeText(message)})`} />}
        </div>
      </div>
    </div>
  );
}

function sizeText({ value, value_base64 }: Envelope): string {
  return value_base64 === undefined ? bytes(new TextEncoder().encode(value ?? "").length) : "base64";
}

function Pair({ name, children }: { name: string; children: string }) {
  return (
    <div className="flex min-w-0 gap-1.5">
      <dt className="shrink-0 text-faint">{name}</dt>
      <dd className="min-w-0 font-mono wrap-anywhere">{children}</dd>
    </div>
  );
}
