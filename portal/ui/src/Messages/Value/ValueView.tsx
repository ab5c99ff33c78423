import { useMemo } from "react";
import type { BrowsedMessage } from "../../api/hooks/topics";
import { bytes, count } from "../../lib/format";
import { useUrlState } from "../../lib/useUrlState";
import { CopyButton } from "../../ui/CopyButton";
import { cx } from "../../ui/cx";
import { VIEW } from "../address";
import { JsonTree } from "./JsonTree";
import { HEX_MAX, hexDump } from "./hex";
import { parseJson } from "./json";
import { bytesOf } from "./bytes";

const VIEWS = ["JSON", "Text", "Hex"] as const;
type View = (typeof VIEWS)[number];

/** More than this of a text is not put on the page; the copy has all of it. */
const TEXT_MAX = 200_000;

export function ValueView({ message }: { message: BrowsedMessage }) {
  const { value, value_base64, cut, value_bytes } = message;
  const isText = value_base64 === undefined;
  const json = useMemo(() => (typeof value === "string" ? parseJson(value) : undefined), [value]);
  const [params, setParams] = useUrlState();
  if (isText && (value === null || value === undefined)) return <Plain>The value is null: a tombstone.</Plain>;

  const possible: View[] = [...(json ? (["JSON"] as const) : []), ...(isText ? (["Text"] as const) : []), "Hex"];
  const view = possible.find((name) => name.toLowerCase() === params.get(VIEW)) ?? possible[0] ?? "Hex";
  const raw = bytesOf(message);
  return (
    <section aria-label="Value" className="flex min-w-0 flex-1 flex-col">
      <div className="mb-1.5 flex flex-wrap items-center gap-x-4 gap-y-1">
        <h3 className="text-sm font-medium text-soft">Value</h3>
        <Switch possible={possible} view={view} onChange={(name) => setParams({ [VIEW]: name.toLowerCase() })} />
        <span className="figures ml-auto flex items-center gap-1 text-xs text-faint">
          {bytes(value_bytes ?? raw.length)}
          {!cut && <CopyButton text={value ?? value_base64 ?? ""} what={isText ? "the value" : "the value as base64"} />}
        </span>
      </div>
      {cut && <Plain>This is its beginning.</Plain>}
      {raw.length === 0 ? (
        <Plain>The value is empty.</Plain>
      ) : (
        <div tabIndex={0} role="group" aria-label={`The value as ${view}`} className="max-h-[60dvh] min-h-24 overflow-auto rounded-lg border border-line bg-sunken p-3 font-mono text-xs leading-5">
          {view === "JSON" && json && <JsonTree value={json.value} />}
          {view === "Text" && <Text text={value ?? ""} />}
          {view === "Hex" && <Hex raw={raw} />}
        </div>
      )}
    </section>
  );
}

function Switch({ possible, view, onChange }: { possible: readonly View[]; view: View; onChange(view: View): void }) {
  return (
    <fieldset className="flex rounded-lg border border-line p-0.5 text-xs">
      <legend className="sr-only">Show the value as</legend>
      {possible.map((name) => (
        <label
          key={name}
          className={cx(
            "rounded-md px-2 py-0.5 has-focus-visible:outline-2 has-focus-visible:outline-accent",
            name === view ? "bg-hover text-ink" : "text-faint hover:text-ink",
          )}
        >
          <input type="radio" name="view" className="sr-only" checked={name === view} onChange={() => onChange(name)} />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

const Plain = ({ children }: { children: string }) => <p className="text-sm text-faint italic">{children}</p>;

function Text({ text }: { text: string }) {
  const rest = text.length - TEXT_MAX;
  return (
    <pre className="wrap-anywhere whitespace-pre-wrap">
      {text.slice(0, TEXT_MAX)}
      {rest > 0 && <span className="text-faint">{`\n… ${count(rest)} more characters`}</span>}
    </pre>
  );
}

function Hex({ raw }: { raw: Uint8Array }) {
  const dump = useMemo(() => hexDump(raw), [raw]);
  return (
    <pre className="w-max">
      {dump}
      {raw.length > HEX_MAX && <span className="text-faint">{`\n… ${bytes(raw.length - HEX_MAX)} more`}</span>}
    </pre>
  );
}
