// A burst's messages may carry their number: it stands where the form's key and message have {n}.
import { type FormValues, formatOf } from "../Send/formValues";

const COUNTER = "{n}";

export const hasCounter = ({ key, value }: Pick<FormValues, "key" | "value">) => key.includes(COUNTER) || value.includes(COUNTER);

const numbered = (text: string, n: number) => text.replaceAll(COUNTER, String(n));

/** What the form sends as the nth message. Bytes are bytes, whatever they spell. */
export const nthValues = (values: FormValues, n: number): FormValues => ({
  ...values,
  key: numbered(values.key, n),
  value: formatOf(values) === "hex" ? values.value : numbered(values.value, n),
});
