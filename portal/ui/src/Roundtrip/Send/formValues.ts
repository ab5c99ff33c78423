import type { Header } from "../../api/hooks/produce";
import { stored } from "../../lib/stored";
import { FORMATS, type Format } from "./formats";

export interface FormValues {
  topic: string;
  key: string;
  /** What an empty key field means. */
  whenEmpty: "none" | "empty";
  /** How the value is written; nothing: as its content type wants it. */
  format?: Format;
  value: string;
  contentType: string;
  headers?: readonly Header[];
}

/** Of values that are text. */
export const CONTENT_TYPES: readonly [string, ...string[]] = ["text/plain; charset=utf-8", ...FORMATS.text.contentTypes.slice(1), ...FORMATS.json.contentTypes];

const FIRST: FormValues = {
  topic: "stream",
  key: "",
  whenEmpty: "none",
  value: "Hello, Kafka.",
  contentType: CONTENT_TYPES[0],
};

export const formatOf = ({ format, contentType }: FormValues): Format =>
  format ?? (FORMATS.json.contentTypes.includes(contentType) ? "json" : "text");

/** More than this of a message is not kept over a reload. */
const KEPT_MAX = 100_000;

/** What was sent last, so that a reload goes on where one was. */
export const lastFormStore = stored<FormValues>("form", (raw) => {
  const values: FormValues = { ...FIRST, ...(typeof raw === "object" ? raw : {}) };
  return isSound(values) ? values : FIRST;
});

function isText(text: unknown): boolean {
  return typeof text === "string" && text.length <= KEPT_MAX;
}

function isSound({ topic, key, value, contentType, format = "text", headers = [] }: FormValues): boolean {
  if (!Object.hasOwn(FORMATS, format) || !Array.isArray(headers)) return false;
  return [topic, key, value, contentType].every(isText) && headers.every((header) => isText(header?.name) && isText(header?.value));
}
