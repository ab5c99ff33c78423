// The browser's one live stream, shared by what its tabs follow.
//
// A subscription's topics are admitted one by one: a short connection of their own tells the position they begin at,
// or why they cannot be followed. Then the one stream is opened anew at the earliest position anybody needs, and a
// message goes to those who have not had it; what begins far in the past is read alone until it is near (catchUp.ts). So nobody misses or sees twice anything when others come and go, or
// when the connection breaks; and a topic that is gone is the trouble of those only who asked for it.
import { comeNear } from "./catchUp";
import { type Ask, type Ending, connect, firstPosition } from "./connection";
import { type Position, earlier, formatPosition, later, parsePosition } from "./position";
import type { Gap, Lagged, Envelope, StreamEvent, StreamState, ToTab } from "./protocol";
import type { Piece, ServerEvent } from "./sse";

/** The consumer's STREAM_TOPICS_MAX. */
const TOPICS_MAX = 64;
const TOO_MANY = `The tabs of this browser follow more than ${TOPICS_MAX} topics together.`;

/** Subscriptions that read alone: a browser opens six connections to an origin. */
const ALONE_MAX = 2;

const REOPEN_FIRST_MS = 500;
const REOPEN_MAX_MS = 15_000;

type Send = (message: ToTab) => void;

interface Subscription {
  id: number;
  send: Send;
  /** Topics that wait to be admitted, and where they begin: a position, or from. */
  waiting: Map<string, { from: string } | { position: string }>;
  /** Those that are followed, with the next offset of each partition. */
  next: Map<string, readonly number[]>;
  /** Why some still wait. */
  why: string | undefined;
  /** Reads alone, from far in the past. */
  behind: boolean;
  /** Ends the asking that is under way. */
  asking: AbortController | undefined;
  state: StreamState;
}

const CONNECTING: StreamState = { kind: "connecting" };

const READERS: Record<string, (data: unknown) => StreamEvent> = {
  streamer: (data) => ({ kind: "message", message: data as Envelope }),
  lagged: (data) => ({ kind: "lagged", lagged: data as Lagged }),
  gap: (data) => ({ kind: "gap", gap: data as Gap }),
};

export class Hub {
  readonly #subscriptions = new Set<Subscription>();
  #stream: AbortController | undefined;
  /** As far as the stream was read; empty: there is none. */
  #read = new Map<string, readonly number[]>();
  #state: StreamState = CONNECTING;
  /** In a row, of the stream. */
  #refusals = 0;

  /** Follows these topics and no others; new ones begin at from. */
  follow(id: number, send: Send, topics: readonly string[], from: string) {
    const subscription = this.#find(id, send) ?? this.#add(id, send);
    const { next, waiting } = subscription;
    for (const topic of [...next.keys(), ...waiting.keys()]) {
      if (topics.includes(topic)) continue;
      next.delete(topic);
      waiting.delete(topic);
    }
    for (const topic of topics) {
      if (!next.has(topic) && !waiting.has(topic)) waiting.set(topic, { from });
    }
    void this.#admit(subscription);
    this.#adjust();
  }

  end(id: number, send: Send) {
    const subscription = this.#find(id, send);
    if (!subscription) return;
    subscription.asking?.abort();
    this.#subscriptions.delete(subscription);
    this.#adjust();
  }

  /** A tab has gone. */
  endAll(send: Send) {
    for (const { id, send: to } of this.#subscriptions) if (to === send) this.end(id, send);
  }

  #find(id: number, send: Send) {
    return [...this.#subscriptions].find((one) => one.id === id && one.send === send);
  }

  #add(id: number, send: Send): Subscription {
    const fresh: Subscription = {
      id,
      send,
      waiting: new Map(),
      next: new Map(),
      why: undefined,
      behind: false,
      asking: undefined,
      state: { kind: "off" },
    };
    this.#subscriptions.add(fresh);
    return fresh;
  }

  // ---- admission ----------------------------------------------------------------------------------------------

  /** Asks where the waiting topics begin, again and again until all of them are followed. */
  async #admit(subscription: Subscription) {
    subscription.asking?.abort();
    const asking = new AbortController();
    subscription.asking = asking;
    subscription.behind = false;
    this.#tell(subscription);
    for (let failures = 0; subscription.waiting.size > 0; failures++) {
      // One after the other: each holds one of the browser's few connections.
      // oxlint-disable-next-line no-await-in-loop
      const ending = await this.#askAll(subscription, asking.signal);
      if (asking.signal.aborted) return;
      subscription.why = ending?.why;
      this.#tell(subscription);
      if (subscription.waiting.size === 0) return;
      // oxlint-disable-next-line no-await-in-loop
      await pause(waitFor(ending, failures), asking.signal);
      if (asking.signal.aborted) return;
    }
  }

  /** Those that begin alike are asked for together; when they are refused together, each by itself. */
  async #askAll(subscription: Subscription, cancelled: AbortSignal): Promise<Ending | undefined> {
    const { next, waiting } = subscription;
    let last: Ending | undefined;
    const asks = alike(waiting);
    for (let topics = asks.shift(); topics; topics = asks.shift()) {
      const start = waiting.get(topics[0] ?? "");
      if (this.#topics(topics).size > TOPICS_MAX) {
        last = { refused: true, why: TOO_MANY };
        continue;
      }
      // oxlint-disable-next-line no-await-in-loop
      const found = await this.#placeOf(subscription, { topics, ...start }, cancelled);
      if (cancelled.aborted) return undefined;
      if ("position" in found) {
        for (const topic of topics) {
          next.set(topic, found.position.get(topic) ?? []);
          waiting.delete(topic);
        }
        this.#adjust();
      } else if (found.refused && topics.length > 1) {
        asks.push(...topics.map((topic) => [topic]));
      } else {
        last = found;
      }
    }
    return last;
  }

  /** Where topics join the stream: where they begin, or as far as they were read when that is far from the others. */
  async #placeOf(subscription: Subscription, ask: Ask, cancelled: AbortSignal): Promise<{ position: Position } | Ending> {
    const found = await firstPosition(ask, cancelled);
    if (!("position" in found)) return found;
    const position = parsePosition(found.position);
    if (ask.from === "latest" || cancelled.aborted) return { position };
    const near = await comeNear(
      position,
      {
        goal: () => this.#goalOf(ask.topics, cancelled),
        enter: () => this.#enter(subscription),
        onPiece: (piece) => deliverAlone(subscription, piece),
      },
      cancelled,
    );
    if (!cancelled.aborted) subscription.behind = false; // else another asking has begun
    return near;
  }

  /** As far as the stream was read; of topics that nobody follows yet their end. */
  async #goalOf(topics: readonly string[], cancelled: AbortSignal): Promise<{ position: Position } | Ending> {
    const read = new Map([...this.#read].filter(([topic]) => topics.includes(topic)));
    if (read.size === topics.length) return { position: read };
    const end = await firstPosition({ topics, from: "latest" }, cancelled);
    return "position" in end ? { position: parsePosition(end.position) } : end;
  }

  #enter(subscription: Subscription): boolean {
    const alone = [...this.#subscriptions].filter(({ behind }) => behind);
    if (!subscription.behind && alone.length >= ALONE_MAX) return false;
    subscription.behind = true;
    this.#tell(subscription);
    return true;
  }

  // ---- the stream ---------------------------------------------------------------------------------------------

  /** All topics that are followed, and these. */
  #topics(more: readonly string[] = []): Set<string> {
    return new Set([...[...this.#subscriptions].flatMap(({ next }) => [...next.keys()]), ...more]);
  }

  /** Where nobody misses anything. */
  #position(): Map<string, readonly number[]> {
    const position = new Map<string, readonly number[]>();
    for (const { next } of this.#subscriptions) {
      for (const [topic, offsets] of next) position.set(topic, earlier(offsets, position.get(topic) ?? offsets));
    }
    return position;
  }

  /** The stream goes on as it is when it brings all that is needed; else it begins anew where nobody misses anything. */
  #adjust() {
    const position = this.#position();
    const fits = position.size === this.#read.size && [...position].every(([topic, offsets]) => isAhead(offsets, this.#read.get(topic)));
    if (fits) return;
    this.#stream?.abort();
    this.#stream = undefined;
    this.#read = position;
    if (position.size === 0) {
      this.#state = CONNECTING;
      return;
    }
    this.#stream = new AbortController();
    void this.#keepOpen(this.#stream.signal);
  }

  async #keepOpen(cancelled: AbortSignal) {
    for (let failures = 0; ; failures++) {
      let stood = false;
      const ask = { topics: [...this.#read.keys()].toSorted(), position: formatPosition(this.#read) };
      // oxlint-disable-next-line no-await-in-loop
      const ending = await connect(
        ask,
        (piece) => {
          if (cancelled.aborted) return;
          if (piece.id !== undefined) {
            stood = true;
            this.#setState({ kind: "live" });
          }
          this.#deliver(piece);
        },
        cancelled,
      );
      if (cancelled.aborted) return;
      this.#setState({ kind: "reconnecting", ...(ending.why && { why: ending.why }) });
      if (stood) failures = this.#refusals = 0;
      if (ending.refused) this.#refusals += 1;
      // oxlint-disable-next-line no-await-in-loop
      await pause(waitFor(ending, Math.max(failures, this.#refusals - 1)), cancelled);
      if (cancelled.aborted) return;
      if (ending.refused) {
        this.#askAnew();
        return;
      }
    }
  }

  /** One of the topics is at fault; who follows it will be told when each is asked for by itself. */
  #askAnew() {
    for (const subscription of this.#subscriptions) {
      for (const [topic, offsets] of subscription.next) {
        subscription.waiting.set(topic, { position: formatPosition(new Map([[topic, offsets]])) });
      }
      subscription.next.clear();
      void this.#admit(subscription);
    }
    this.#adjust();
  }

  #deliver({ events, id }: Piece) {
    const read = events.flatMap(parse);
    const position = id === undefined ? undefined : parsePosition(id);
    for (const { id: subscription, send, next } of this.#subscriptions) {
      const fresh = read.filter((event) => isFresh(event, next));
      if (fresh.length > 0) send({ kind: "events", subscription, events: fresh });
      for (const [topic, offsets] of next) next.set(topic, later(offsets, position?.get(topic) ?? []));
    }
    for (const [topic, offsets] of position ?? []) this.#read.set(topic, offsets);
  }

  // ---- telling ------------------------------------------------------------------------------------------------

  #setState(state: StreamState) {
    this.#state = state;
    for (const subscription of this.#subscriptions) this.#tell(subscription);
  }

  #tell(subscription: Subscription) {
    const state = this.#stateOf(subscription);
    if (JSON.stringify(state) === JSON.stringify(subscription.state)) return;
    subscription.state = state;
    subscription.send({ kind: "state", subscription: subscription.id, state });
  }

  #stateOf({ next, waiting, why, behind }: Subscription): StreamState {
    if (behind) return { kind: "behind" };
    if (next.size > 0) return this.#state.kind === "live" && why ? { kind: "live", why } : this.#state;
    if (waiting.size === 0) return { kind: "off" };
    return why === undefined ? CONNECTING : { kind: "reconnecting", why };
  }
}

/** To one subscription; asked again, it goes on from there. */
function deliverAlone({ id: subscription, send, waiting }: Subscription, { events, id }: Piece) {
  const read = events.flatMap(parse);
  if (read.length > 0) send({ kind: "events", subscription, events: read });
  for (const [topic, offsets] of parsePosition(id ?? "")) {
    waiting.set(topic, { position: formatPosition(new Map([[topic, offsets]])) });
  }
}

/** Topics that begin alike. */
function alike(waiting: Subscription["waiting"]): string[][] {
  const groups = new Map<string, string[]>();
  for (const [topic, start] of waiting) {
    const name = JSON.stringify(start);
    groups.set(name, [...(groups.get(name) ?? []), topic]);
  }
  return [...groups.values()];
}

/** Whether a stream that was read as far as this still brings what begins at these offsets. */
const isAhead = (offsets: readonly number[], read: readonly number[] | undefined) =>
  read !== undefined && read.every((offset, partition) => (offsets[partition] ?? 0) >= offset);

function parse({ name, data }: ServerEvent): StreamEvent[] {
  const read = READERS[name];
  return read ? [read(JSON.parse(data))] : [];
}

/** Whether a subscription follows what it is about, and has not had it. */
function isFresh(event: StreamEvent, next: Subscription["next"]): boolean {
  if (event.kind !== "message") return next.has(event.kind === "gap" ? event.gap.topic : event.lagged.topic);
  const { topic, partition, offset } = event.message;
  const offsets = next.get(topic);
  return offsets !== undefined && offset >= (offsets[partition] ?? 0);
}

/** As long as the service asked for, else longer each time. */
function waitFor(ending: Ending | undefined, failures: number): number {
  return ending?.retryMs ?? Math.min(REOPEN_FIRST_MS * 2 ** failures, REOPEN_MAX_MS);
}

const pause = (ms: number, cancelled: AbortSignal) =>
  new Promise<void>((over) => {
    const timer = setTimeout(over, ms);
    cancelled.addEventListener("abort", () => {
      clearTimeout(timer);
      over();
    });
  });
