import type { ComponentProps, ReactNode } from "react";
import { Field } from "./Field";

interface TextFieldProps extends Omit<ComponentProps<"input">, "onChange"> {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  value: string;
  onChange(value: string): void;
}

/** A labelled line of text that is a name or a number: nothing is corrected or completed. */
export function TextField({ label, hint, error, onChange, ...rest }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => (
        <input
          {...ids}
          type="text"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          className="field"
          {...rest}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
