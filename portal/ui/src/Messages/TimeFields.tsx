import { useId, useState } from "react";
import { fieldTime, timeInField } from "../lib/localTime";
import { Field } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { TextField } from "../ui/TextField";
import { SPANS } from "./search";

const ANY = "";
const BETWEEN = "between";
const HOUR_MS = 3_600_000;

interface TimeFieldsProps {
  since: string;
  until: string;
  onChange(news: { since: string; until: string }): void;
}

/** When it was consumed: at any time, a span back from now, or between two instants, either of which may be open. */
export function TimeFields({ since, until, onChange }: TimeFieldsProps) {
  const [between, setBetween] = useState(until !== "" || (since !== ANY && !(since in SPANS)));
  const note = useId();

  function choose(choice: string) {
    setBetween(choice === BETWEEN);
    onChange(choice === BETWEEN ? { since: new Date(Date.now() - HOUR_MS).toISOString(), until: "" } : { since: choice, until: "" });
  }
  const instant = (label: string, value: string, change: (iso: string) => void) => (
    <TextField
      label={label}
      type="datetime-local"
      step={1}
      className="field text-sm"
      aria-describedby={note}
      value={value === "" ? "" : fieldTime(Date.parse(value))}
      onChange={(text) => change(isoOf(text))}
    />
  );
  return (
    <>
      <Field label="Consumed">
        {(ids) => (
          <div className="relative">
            <select {...ids} className="field appearance-none pr-9 text-sm" value={between ? BETWEEN : since} onChange={({ target }) => choose(target.value)}>
              <option value={ANY}>at any time</option>
              {Object.entries(SPANS).map(([name, { title }]) => (
                <option key={name} value={name}>
                  within {title}
                </option>
              ))}
              <option value={BETWEEN}>between …</option>
            </select>
            <Icon name="down" className="pointer-events-none absolute top-1/2 right-3 size-3.5 -translate-y-1/2 text-faint" />
          </div>
        )}
      </Field>
      {between && (
        <div>
          <div className="grid gap-3 sm:grid-cols-2">
            {instant("Since", since, (iso) => onChange({ since: iso, until }))}
            {instant("Until", until, (iso) => onChange({ since, until: iso }))}
          </div>
          <p id={note} className="mt-1.5 text-xs text-faint">
            In your time zone; an empty one is open.
          </p>
        </div>
      )}
    </>
  );
}

function isoOf(text: string): string {
  const ms = timeInField(text);
  return ms === undefined ? "" : new Date(ms).toISOString();
}
