import { Suspense, lazy, useDeferredValue } from "react";
import { Field } from "../../ui/Field";
import { FormatChoice } from "./FormatChoice";
import type { Format } from "./formats";

// Looks at what was typed; until its code is there, nobody has typed much.
const ValueHint = lazy(async () => ({ default: (await import("./ValueHint")).ValueHint }));

interface MessageFieldProps {
  value: string;
  /** What is sent of it, which the hint tells about. */
  sample: string;
  format: Format;
  error: string | undefined;
  onChange(value: string): void;
  onFormat(format: Format): void;
}

export function MessageField({ value, sample, format, error, onChange, onFormat }: MessageFieldProps) {
  const settled = useDeferredValue(sample); // a long text is checked when typing pauses
  return (
    <Field
      label="Message"
      error={error}
      aside={<FormatChoice format={format} onChange={onFormat} />}
      hint={
        <Suspense fallback={<span className="invisible">…</span>}>
          <ValueHint value={settled} format={format} />
        </Suspense>
      }
    >
      {(ids) => (
        <textarea
          {...ids}
          name="value"
          rows={6}
          spellCheck={false}
          placeholder={format === "hex" ? "48 65 6c 6c 6f" : undefined}
          className="field min-h-36 resize-y font-mono text-sm"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
