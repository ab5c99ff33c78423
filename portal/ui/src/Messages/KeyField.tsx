import { Choices } from "../ui/Choices";
import { Field } from "../ui/Field";
import { KEY_FORMS, type KeyForm } from "./search";

export interface KeyInput {
  text: string;
  form: KeyForm;
  /** What an empty field means: the empty key, or any. */
  empty: boolean;
}

interface KeyFieldProps {
  value: KeyInput;
  error: string | undefined;
  onChange(news: Partial<KeyInput>): void;
}

const FORM_TITLES: Record<KeyForm, string> = { text: "text", hex: "hex", base64: "base64" };

/** A key as text or bytes; of an empty field it asks whether any key is meant or the empty one. */
export function KeyField({ value: { text, form, empty }, error, onChange }: KeyFieldProps) {
  const aside =
    text === "" ? (
      <Choices
        legend="What an empty field means"
        choices={[
          { title: "any key", chosen: !empty, choose: () => onChange({ empty: false }) },
          { title: "empty key", chosen: empty, choose: () => onChange({ empty: true }) },
        ]}
      />
    ) : (
      <Choices
        legend="How the key is written"
        choices={KEY_FORMS.map((name) => ({ title: FORM_TITLES[name], chosen: name === form, choose: () => onChange({ form: name }) }))}
      />
    );
  return (
    <Field label="Key" aside={aside} error={error}>
      {(ids) => (
        <input
          {...ids}
          type="text"
          name="key"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          className="field text-sm"
          placeholder={empty ? "Empty" : "Any"}
          value={text}
          onChange={({ target }) => onChange({ text: target.value })}
        />
      )}
    </Field>
  );
}
