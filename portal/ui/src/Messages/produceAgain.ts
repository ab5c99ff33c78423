// A message as the form that sends such messages has it.
import type { BrowsedMessage } from "../api/hooks/topics";
import type { FormValues } from "../Roundtrip/Send/formValues";
import { FORMATS } from "../Roundtrip/Send/formats";
import { hexText } from "../lib/hexBytes";
import { bytesOf } from "./Value/bytes";

interface Form {
  /** undefined: the form cannot hold it. */
  values?: FormValues;
  why?: string;
}

export function formOf(topic: string, message: BrowsedMessage): Form {
  const { key, key_base64, value, value_base64, headers, cut } = message;
  if (key_base64 !== undefined) return { why: "The form sends keys that are text, and this one is not." };
  if (value_base64 === undefined && typeof value !== "string") return { why: "The form cannot send a tombstone." };
  if (cut) return { why: "The value is longer than what is shown of it." };
  const others = headers.filter(({ name }) => !isContentType(name));
  if (others.some((header) => typeof header.value !== "string")) return { why: "The form sends headers that are text, and one of these is not." };
  return {
    values: {
      topic,
      key: key ?? "",
      whenEmpty: key === "" ? "empty" : "none",
      headers: others.map((header) => ({ name: header.name, value: header.value ?? "" })),
      ...content(message),
    },
  };
}

const isContentType = (name: string) => name.toLowerCase() === "content-type";

function content(message: BrowsedMessage): Pick<FormValues, "value" | "contentType" | "format"> {
  const said = message.headers.find(({ name }) => isContentType(name))?.value ?? "";
  const format = message.value_base64 === undefined ? (FORMATS.json.contentTypes.includes(said) ? "json" : "text") : "hex";
  const { contentTypes } = FORMATS[format];
  return {
    format,
    value: format === "hex" ? hexText(bytesOf(message)) : (message.value ?? ""),
    contentType: contentTypes.find((type) => type === said) ?? contentTypes[0] ?? "",
  };
}
