import { useDeferredValue, useMemo } from "react";
import { bytes, utf8Length } from "../../lib/format";
import { type JsonCheck, checkJson } from "../../lib/jsonCheck";
import { Field } from "../../ui/Field";

interface MessageFieldProps {
  value: string;
  contentType: string;
  error: string | undefined;
  onChange(value: string): void;
}

export function MessageField({ value, contentType, error, onChange }: MessageFieldProps) {
  const settled = useDeferredValue(value); // a long text is checked when typing pauses
  const json = useMemo(() => checkJson(settled, contentType === "application/json"), [settled, contentType]);
  const size = useMemo(() => utf8Length(settled), [settled]);
  return (
    <Field
      label="Message"
      error={error}
      aside={<span className="figures text-xs text-faint">{bytes(size)}</span>}
      hint={<JsonHint check={json} />}
    >
      {(ids) => (
        <textarea
          {...ids}
          name="value"
          rows={6}
          spellCheck={false}
          className="field min-h-36 resize-y font-mono text-sm"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

function JsonHint({ check }: { check: JsonCheck }) {
  if (check.kind === "valid") return <span className="text-ok">Valid JSON, {check.what}.</span>;
  if (check.kind === "broken") return <span className="text-warn">Not JSON: {check.why}. It is sent as it stands.</span>;
  return <span>Sent byte for byte, as UTF-8.</span>;
}
