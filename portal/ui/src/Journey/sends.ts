// One's own sends, kept by this browser: the last fifty, newest first.
import type { Draft, ProduceAnswer } from "../api/hooks/produce";
import type { Receipt } from "../api/hooks/receipts";
import { isFinal } from "../api/hooks/receipts";
import type { Problem } from "../api/http";
import { stored } from "../lib/stored";

export interface Send {
  id: string;
  topic: string;
  key: string | null;
  /** The message's beginning. */
  preview: string;
  bytes: number;
  sentMs: number;
  /** The producer's 200. */
  answer?: ProduceAnswer;
  /** What came instead of a 200; status 0: no answer at all. */
  failure?: Problem;
  /** What the consumer last said. */
  receipt?: Receipt;
}

export const SENDS_MAX = 50;

export const sendsStore = stored<readonly Send[]>("sends", (raw) => (Array.isArray(raw) ? raw.filter(isSend) : []));

function isSend(raw: unknown): raw is Send {
  if (typeof raw !== "object" || raw === null) return false;
  const send = raw as Partial<Send>;
  return typeof send.id === "string" && typeof send.topic === "string" && typeof send.sentMs === "number";
}

export const newSend = (id: string, { topic, key, preview, value }: Draft, nowMs: number): Send => ({
  id,
  topic,
  key,
  preview,
  bytes: value.length,
  sentMs: nowMs,
});

/** Puts a send in front; the same id again (sent once more) replaces what was known of it. */
export function remember(send: Send) {
  const others = sendsStore.get().filter(({ id }) => id !== send.id);
  sendsStore.set([send, ...others].slice(0, SENDS_MAX));
}

export function forget(id: string) {
  sendsStore.set(sendsStore.get().filter((send) => send.id !== id));
}

export function learn(id: string, news: Pick<Send, "answer"> | Pick<Send, "failure"> | Pick<Send, "receipt">) {
  const before = sendsStore.get();
  if (!before.some((send) => send.id === id)) return;
  sendsStore.set(before.map((send) => (send.id === id ? { ...send, ...news } : send)));
}

/** Calls back once, when a send is known to be consumed; never, when it is forgotten before. */
export function whenRead(id: string, then: () => void) {
  const stop = sendsStore.subscribe(look);
  function look() {
    const send = sendsStore.get().find((one) => one.id === id);
    if (send && send.receipt?.state !== "consumed") return;
    stop();
    if (send) then();
  }
  look();
}

/** Nothing more will become of it. A failure from before it was sent again does not count against an answer. */
export function isSettled({ answer, receipt, failure }: Send): boolean {
  if (receipt && isFinal(receipt, { acked: answer !== undefined })) return true;
  return !answer && !receipt && failure?.persisted === "no";
}
