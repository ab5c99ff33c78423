import type { Draft } from "../../api/hooks/produce";
import { stored } from "../../lib/stored";

export interface FormValues {
  topic: string;
  key: string;
  /** What an empty key field means. */
  whenEmpty: "none" | "empty";
  value: string;
  contentType: string;
}

export const CONTENT_TYPES = ["text/plain; charset=utf-8", "application/json", "application/xml", "text/csv; charset=utf-8"] as const;

const FIRST: FormValues = {
  topic: "stream",
  key: "",
  whenEmpty: "none",
  value: "Hello, Kafka.",
  contentType: CONTENT_TYPES[0],
};

/** More than this of a message is not kept over a reload. */
const KEPT_MAX = 100_000;

/** What was sent last, so that a reload goes on where one was. */
export const lastFormStore = stored<FormValues>("form", (raw) => {
  const values: FormValues = { ...FIRST, ...(typeof raw === "object" ? raw : {}) };
  const strings = [values.topic, values.key, values.value, values.contentType];
  return strings.every((text) => typeof text === "string" && text.length <= KEPT_MAX) ? values : FIRST;
});

export function draftOf({ topic, key, whenEmpty, value, contentType }: FormValues): Draft {
  return { topic, key: key === "" && whenEmpty === "none" ? null : key, value, contentType };
}
