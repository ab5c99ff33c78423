// What is searched for, as the address carries it.
import { base64 } from "../lib/base64";
import { parseHex } from "../lib/hexBytes";

export interface Search {
  topic: string;
  /** As it was typed; null: any, also none. */
  key: string | null;
  keyForm: KeyForm;
  /** Consumed then or later: a span back from now, an instant (ISO 8601), or any time (""). */
  since: string;
  /** And before this instant; "": until now. */
  until: string;
}

/** Spans to choose from, in ms. */
export const SPANS: Record<string, { title: string; ms: number }> = {
  "5m": { title: "the last 5 minutes", ms: 300_000 },
  "1h": { title: "the last hour", ms: 3_600_000 },
  "1d": { title: "the last day", ms: 86_400_000 },
};

/** The ways to write a key: not every one is text. */
export const KEY_FORMS = ["text", "hex", "base64"] as const;
export type KeyForm = (typeof KEY_FORMS)[number];

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** undefined: it can be searched for. */
export function keyFault(key: string, form: KeyForm): string | undefined {
  if (form === "base64") return BASE64.test(key) ? undefined : "this is not base64";
  const read = form === "hex" ? parseHex(key) : undefined;
  return read && "why" in read ? read.why : undefined;
}

export function readSearch(params: URLSearchParams): Search {
  const since = params.get("since") ?? "";
  const until = params.get("until") ?? "";
  const form = KEY_FORMS.find((name) => name === params.get("key_as")) ?? "text";
  const key = params.get("key");
  const isKey = key !== null && keyFault(key, form) === undefined;
  return {
    topic: params.get("topic") ?? "",
    key: isKey ? key : null,
    keyForm: isKey ? form : "text",
    since: since in SPANS || isInstant(since) ? since : "",
    until: isInstant(until) ? until : "",
  };
}

const isInstant = (text: string) => !Number.isNaN(Date.parse(text));

export function searchParams({ topic, key, keyForm, since, until }: Search): URLSearchParams {
  const params = new URLSearchParams();
  if (topic) params.set("topic", topic);
  if (key !== null) params.set("key", key);
  if (key !== null && keyForm !== "text") params.set("key_as", keyForm);
  if (since) params.set("since", since);
  if (until) params.set("until", until);
  return params;
}

/** As the consumer is asked. */
export function receiptsQuery({ topic, key, keyForm, since, until }: Search, nowMs: number) {
  return {
    topic: topic || undefined,
    ...(key !== null && keyQuery(key, keyForm)),
    since: sinceMs(since, nowMs),
    until: until === "" ? undefined : Date.parse(until),
  };
}

function keyQuery(key: string, form: KeyForm): { key: string } | { key_base64: string } {
  if (form === "text") return { key };
  const read = form === "hex" ? parseHex(key) : undefined;
  return { key_base64: read && "bytes" in read ? base64(read.bytes) : key };
}

function sinceMs(since: string, nowMs: number): number | undefined {
  const span = SPANS[since];
  if (span) return nowMs - span.ms;
  return since === "" ? undefined : Date.parse(since);
}
