import { Field } from "../../ui/Field";
import type { FormValues } from "./formValues";

interface KeyFieldProps {
  value: string;
  whenEmpty: FormValues["whenEmpty"];
  error: string | undefined;
  onChange(news: Partial<Pick<FormValues, "key" | "whenEmpty">>): void;
}

const CHOICES = [
  { whenEmpty: "none", label: "no key" },
  { whenEmpty: "empty", label: "empty key" },
] as const;

/** To Kafka no key and an empty key are two things, so an empty field asks which one is meant. */
export function KeyField({ value, whenEmpty, error, onChange }: KeyFieldProps) {
  const choice = value === "" && (
    <fieldset className="flex gap-3 text-xs">
      <legend className="sr-only">What an empty field means</legend>
      {CHOICES.map((option) => (
        <label key={option.whenEmpty} className="flex items-center gap-1 text-faint has-checked:text-ink">
          <input
            type="radio"
            name="when-empty"
            className="size-3 accent-accent"
            checked={whenEmpty === option.whenEmpty}
            onChange={() => onChange({ whenEmpty: option.whenEmpty })}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
  return (
    <Field label="Key" aside={choice} error={error}>
      {(ids) => (
        <input
          {...ids}
          type="text"
          name="key"
          className="field"
          autoComplete="off"
          spellCheck={false}
          placeholder={whenEmpty === "none" ? "None" : "Empty"}
          value={value}
          onChange={(event) => onChange({ key: event.target.value })}
        />
      )}
    </Field>
  );
}
