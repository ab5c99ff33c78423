// A message as the form that sends such messages has it.
import type { BrowsedMessage } from "../api/hooks/topics";
import { CONTENT_TYPES, type FormValues } from "../Roundtrip/Send/formValues";

interface Form {
  /** undefined: the form cannot hold it. */
  values?: FormValues;
  why?: string;
}

export function formOf(topic: string, message: BrowsedMessage): Form {
  const { key, key_base64, value, value_base64, headers, cut } = message;
  if (key_base64 !== undefined || value_base64 !== undefined) return { why: "The form sends text, and this message is not all text." };
  if (value === null || value === undefined) return { why: "The form cannot send a tombstone." };
  if (cut) return { why: "The value is longer than what is shown of it." };
  const said = headers.find(({ name }) => name.toLowerCase() === "content-type")?.value;
  const contentType = CONTENT_TYPES.find((type) => type === said) ?? CONTENT_TYPES[0];
  return { values: { topic, key: key ?? "", whenEmpty: key === "" ? "empty" : "none", value, contentType } };
}
