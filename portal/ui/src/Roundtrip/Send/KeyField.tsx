import { Choices } from "../../ui/Choices";
import { Field } from "../../ui/Field";
import type { FormValues } from "./formValues";

interface KeyFieldProps {
  value: string;
  whenEmpty: FormValues["whenEmpty"];
  error: string | undefined;
  onChange(news: Partial<Pick<FormValues, "key" | "whenEmpty">>): void;
}

/** To Kafka no key and an empty key are two things, so an empty field asks which one is meant. */
export function KeyField({ value, whenEmpty, error, onChange }: KeyFieldProps) {
  const choice = value === "" && (
    <Choices
      legend="What an empty field means"
      choices={[
        { title: "no key", chosen: whenEmpty === "none", choose: () => onChange({ whenEmpty: "none" }) },
        { title: "empty key", chosen: whenEmpty === "empty", choose: () => onChange({ whenEmpty: "empty" }) },
      ]}
    />
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
