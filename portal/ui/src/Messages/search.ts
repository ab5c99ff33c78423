// What is searched for, as the address carries it.

export interface Search {
  topic: string;
  /** null: any, also none. */
  key: string | null;
  /** Consumed then or later: a span back from now, an instant (ISO 8601), or any time (""). */
  since: string;
}

/** Spans to choose from, in ms. */
export const SPANS: Record<string, { title: string; ms: number }> = {
  "5m": { title: "the last 5 minutes", ms: 300_000 },
  "1h": { title: "the last hour", ms: 3_600_000 },
  "1d": { title: "the last day", ms: 86_400_000 },
};

export function readSearch(params: URLSearchParams): Search {
  const since = params.get("since") ?? "";
  const known = since in SPANS || !Number.isNaN(Date.parse(since));
  return { topic: params.get("topic") ?? "", key: params.get("key"), since: known ? since : "" };
}

export function searchParams({ topic, key, since }: Search): URLSearchParams {
  const params = new URLSearchParams();
  if (topic) params.set("topic", topic);
  if (key !== null) params.set("key", key);
  if (since) params.set("since", since);
  return params;
}

/** The consumer's ?since=, in ms. */
export function sinceMs(since: string, nowMs: number): number | undefined {
  const span = SPANS[since];
  if (span) return nowMs - span.ms;
  return since === "" ? undefined : Date.parse(since);
}

const two = (n: number) => String(n).padStart(2, "0");

/** An instant for a field of type datetime-local, which speaks of the user's own clock. */
export function toLocalInput(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** The same back; "" for a field that is not filled in. */
export function fromLocalInput(text: string): string {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? "" : new Date(ms).toISOString();
}
