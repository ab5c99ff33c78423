// From what was typed to the message that is sent: its bytes, or what is wrong, by input.
import type { Draft, Header } from "../../api/hooks/produce";
import { hexText, parseHex } from "../../lib/hexBytes";
import { checkJson } from "../../lib/jsonCheck";
import { sentence } from "../../lib/sentence";
import { topicNameError } from "../../lib/topicName";
import type { FormErrors } from "./formErrors";
import { type FormValues, formatOf } from "./formValues";
import type { Format } from "./formats";

export type Reading = { draft: Draft } | { errors: FormErrors };

const encoder = new TextEncoder();

export function readDraft(values: FormValues): Reading {
  const headers = (values.headers ?? []).filter(({ name, value }) => name !== "" || value !== "");
  const value = valueBytes(formatOf(values), values.value);
  const errors: FormErrors = {
    ...said("topic", topicNameError(values.topic)),
    ...said("value", "why" in value ? sentence(value.why) : undefined),
    ...said("headers", headersError(headers)),
  };
  if ("why" in value || Object.keys(errors).length > 0) return { errors };
  const { topic, key, whenEmpty, contentType } = values;
  return {
    draft: { topic, key: key === "" && whenEmpty === "none" ? null : key, value: value.bytes, preview: previewOf(values), contentType, headers },
  };
}

const PREVIEW_MAX = 120;

const previewOf = ({ value }: FormValues) => value.slice(0, PREVIEW_MAX);

const said = (input: keyof FormErrors, error: string | undefined): FormErrors => (error ? { [input]: error } : {});

type Value = { bytes: Uint8Array<ArrayBuffer> } | { why: string };

/** A value's bytes. What is JSON is sent as it was typed, blanks and all. */
export function valueBytes(format: Format, text: string): Value {
  if (format === "hex") return parseHex(text);
  const json = format === "json" ? checkJson(text, true) : undefined;
  if (json?.kind === "broken") return { why: `not JSON: ${json.why}` };
  return { bytes: encoder.encode(text) };
}

function headersError(headers: readonly Header[]): string | undefined {
  const names = headers.map(({ name }) => name);
  if (names.includes("")) return "A header needs a name.";
  const reserved = names.find((name) => name.toLowerCase().startsWith("kafkloud-"));
  if (reserved !== undefined) return `${reserved}: names that begin with kafkloud- are the producer's own.`;
  if (names.some((name) => name.toLowerCase() === "content-type")) return "The content type has a field of its own.";
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  return repeated === undefined ? undefined : `There are two headers ${repeated}; the producer takes each name once.`;
}

/** The same value written the other way; undefined: it cannot be, or is nothing, that way. */
export function rewritten(text: string, from: Format, to: Format): string | undefined {
  if ((from === "hex") === (to === "hex")) return undefined;
  if (to === "hex") return hexText(encoder.encode(text));
  const value = parseHex(text);
  try {
    return "bytes" in value ? new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value.bytes) : undefined;
  } catch {
    return undefined;
  }
}
