import { type ReactNode, useState } from "react";
import { count } from "../../lib/format";
import { Icon } from "../../ui/Icon";
import { cx } from "../../ui/cx";
import { ExactNumber } from "./json";

/** What is this deep is closed at first. */
const OPEN_DEPTH = 2;
/** Members shown at once, and with each "more". */
const SHOWN_STEP = 100;

export function JsonTree({ value }: { value: unknown }) {
  return (
    <ul>
      <Node value={value} depth={0} />
    </ul>
  );
}

interface NodeProps {
  /** undefined: the whole, or an element of a list. */
  name?: string;
  value: unknown;
  depth: number;
}

function Node({ name, value, depth }: NodeProps) {
  const isBranch = typeof value === "object" && value !== null && !(value instanceof ExactNumber);
  return <li className="wrap-anywhere">{isBranch ? <Branch name={name} value={value} depth={depth} /> : <Leaf name={name} value={value} />}</li>;
}

const Name = ({ name }: { name: string | undefined }) => (name === undefined ? null : <span className="text-soft">{name}: </span>);

function Leaf({ name, value }: { name: string | undefined; value: unknown }) {
  return (
    <span className="pl-4">
      <Name name={name} />
      <Scalar value={value} />
    </span>
  );
}

function Scalar({ value }: { value: unknown }): ReactNode {
  if (typeof value === "string") return <span className="whitespace-pre-wrap text-accent">{JSON.stringify(value)}</span>;
  return <span className="text-ink">{value instanceof ExactNumber ? value.text : String(value)}</span>;
}

function Branch({ name, value, depth }: { name: string | undefined; value: object; depth: number }) {
  const [open, setOpen] = useState(depth < OPEN_DEPTH);
  const [shown, setShown] = useState(SHOWN_STEP);
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  const size = `${count(entries.length)} ${isList ? "element" : "member"}${entries.length === 1 ? "" : "s"}`;
  return (
    <>
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)} className="-ml-0.5 inline-flex items-baseline rounded px-0.5 text-left hover:bg-hover">
        <Icon name="chevron" className={cx("size-3 self-center text-faint", open && "rotate-90")} />
        <span className="ml-1">
          <Name name={name} />
          <span className="text-faint">{isList ? `[ ${size} ]` : `{ ${size} }`}</span>
        </span>
      </button>
      {open && (
        <ul className="ml-1.5 border-l border-line pl-3">
          {entries.slice(0, shown).map(([member, child]) => (
            <Node key={member} name={member} value={child} depth={depth + 1} />
          ))}
          {entries.length > shown && (
            <li>
              <button type="button" className="pl-4 text-accent hover:text-accent-strong" onClick={() => setShown(shown + SHOWN_STEP)}>
                {count(entries.length - shown)} more
              </button>
            </li>
          )}
        </ul>
      )}
    </>
  );
}
