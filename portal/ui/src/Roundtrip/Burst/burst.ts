// Sends one message many times, and learns what became of each: the producer's outcomes tell of accepted and acked, the
// consumer's receipts, asked for in batches, of consumed. It holds at most three of the browser's six connections.
/* oxlint-disable no-await-in-loop -- each step waits for the one before it */
import type { Receipt } from "../../api/hooks/receipts";
import type { Outcome } from "../../api/hooks/records";
import { problemOf } from "../../api/http";
import { newUuid } from "../../lib/uuid";
import type { Sample } from "./latencies";

export const COUNT_MAX = 100_000;
export const RATE_MAX = 20_000;
/** What one request carries: its answer is read in one go, and nothing may take the page longer than a frame or two. */
const BATCH_RECORDS = 500;
const BATCH_CHARACTERS = 4_000_000;
const POSTS_MAX = 2;
const IDS_MAX = 500;
const TICK_MS = 50;
const ASK_AGAIN_MS = 250;
/** How long nothing may be read before the rest is given up. */
const PATIENCE_MS = 30_000;

export interface BurstPlan {
  /** Of the burst, in one's sends. */
  id: string;
  topic: string;
  /** The nth record (from 1) of POST /records, as JSON and without an id. */
  record(n: number): string;
  count: number;
  /** Messages a second; undefined: as fast as they are confirmed. */
  rate: number | undefined;
}

export interface BurstServices {
  post(topic: string, lines: readonly string[]): Promise<Outcome[]>;
  ask(ids: readonly string[]): Promise<Receipt[]>;
  now(): number;
  sleep(ms: number): Promise<void>;
}

export type BurstPhase = "sending" | "reading" | "over";

export class Burst {
  phase: BurstPhase = "sending";
  stopped = false;
  sent = 0;
  failed = 0;
  /** The first failure's reason. */
  failure: string | undefined;
  readonly acks: Sample[] = [];
  readonly reads: Sample[] = [];
  /** Acked, and not read yet. */
  #unread: string[] = [];
  #gone = false;
  readonly #posts = new Set<Promise<void>>();
  readonly #batch: number;

  constructor(
    readonly plan: BurstPlan,
    readonly services: BurstServices,
  ) {
    this.#batch = Math.max(1, Math.min(BATCH_RECORDS, Math.floor(BATCH_CHARACTERS / plan.record(plan.count).length)));
  }

  /** Sends no more; what was sent is followed up. */
  stop() {
    this.stopped = true;
  }

  /** Nobody looks any more. */
  dispose() {
    this.stopped = true;
    this.#gone = true;
  }

  async run(): Promise<void> {
    await Promise.all([this.#send(), this.#read()]);
    this.phase = "over";
  }

  async #send() {
    const { count } = this.plan;
    const { now, sleep } = this.services;
    const beganMs = now();
    await sleep(0);
    while (this.sent < count && !this.stopped) {
      const size = Math.min(this.#due(now() - beganMs) - this.sent, this.#batch);
      if (size > 0) await this.#place(size);
      else await sleep(TICK_MS);
    }
    await Promise.all(this.#posts);
    if (this.phase === "sending") this.phase = "reading";
  }

  /** How many should have been sent by now. */
  #due(elapsedMs: number): number {
    const { count, rate } = this.plan;
    return rate === undefined ? count : Math.min(count, Math.ceil((rate * (elapsedMs + TICK_MS)) / 1_000));
  }

  async #place(size: number) {
    const first = this.sent + 1;
    this.sent += size;
    const post: Promise<void> = this.#post(first, size).finally(() => this.#posts.delete(post));
    this.#posts.add(post);
    if (this.#posts.size >= POSTS_MAX) await Promise.race(this.#posts);
  }

  async #post(first: number, size: number) {
    const { plan } = this;
    const lines = Array.from({ length: size }, (_, index) => `{"id":"${newUuid()}",${plan.record(first + index).slice(1)}`);
    try {
      const outcomes = await this.services.post(plan.topic, lines);
      for (const outcome of outcomes) this.#learn(outcome);
      this.#fail(size - outcomes.length, "No outcome came");
    } catch (error) {
      // The producer is not there, or refuses: more of the same does not help.
      this.stopped = true;
      this.#fail(size, problemOf(error).detail);
    }
  }

  #learn(outcome: Outcome) {
    if ("error" in outcome) return this.#fail(1, outcome.error.detail);
    this.acks.push({ atUs: outcome.accepted_us, us: outcome.ack_us });
    this.#unread.push(outcome.id);
    return undefined;
  }

  #fail(size: number, why: string) {
    this.failed += size;
    if (size > 0) this.failure ??= why;
  }

  async #read() {
    const { now, sleep } = this.services;
    let patientUntilMs = now() + PATIENCE_MS;
    while (!this.#gone && (this.phase === "sending" || this.#unread.length > 0)) {
      const found = await this.#ask();
      if (found > 0 || this.phase === "sending") patientUntilMs = now() + PATIENCE_MS;
      else if (now() > patientUntilMs) return;
      if (found < IDS_MAX / 2) await sleep(ASK_AGAIN_MS);
    }
  }

  /** Asks for the oldest that are not read yet; answers how many of them are now. */
  async #ask(): Promise<number> {
    const ids = this.#unread.slice(0, IDS_MAX);
    if (ids.length === 0) return 0;
    const known = await this.services.ask(ids).catch(() => []);
    const read = new Set<string>();
    for (const { id, state, accepted_us, consumed_us } of known) {
      if (state !== "consumed" || accepted_us === null || consumed_us === null) continue;
      this.reads.push({ atUs: accepted_us, us: consumed_us - accepted_us });
      read.add(id);
    }
    // Those that are missing go behind the others, so that one that never comes does not hold up the rest.
    const missing = ids.filter((id) => !read.has(id));
    this.#unread = [...this.#unread.slice(ids.length), ...missing];
    return read.size;
  }
}
