// The live log's memory: the newest rows, and one redraw a frame however many messages came in between.
import type { Envelope, Gap, Lagged, StreamEvent } from "../../api/hooks/consume";
import { count } from "../../lib/format";
import type { LogFilter } from "./logFilter";
import { oneLine } from "../../lib/oneLine";

export interface MessageRow {
  kind: "message";
  seq: number;
  message: Envelope;
  /** The beginning of the value on one line. */
  preview: string;
  /** How many characters of the value were left out; the whole one is in Kafka. */
  cut: number;
}

/** Something about the stream, in place among the messages. */
export interface NoteRow {
  kind: "note";
  tone: "warn" | "quiet";
  seq: number;
  text: string;
}

export type Row = MessageRow | NoteRow;
type Fresh = Omit<MessageRow, "seq"> | Omit<NoteRow, "seq">;

export interface Snapshot {
  /** Oldest first. */
  rows: readonly Row[];
  /** Messages since the log was cleared or filtered, and those of them that the filter let through. */
  received: number;
  matched: number;
}

export const ROWS_MAX = 500;
const VALUE_MAX = 64 * 1024;
const EMPTY: Snapshot = { rows: [], received: 0, matched: 0 };

export class RowBuffer {
  /** The newest of all, for another filter. */
  #recent: Row[] = [];
  /** The newest that pass the filter. */
  #rows: Row[] = [];
  #received = 0;
  #matched = 0;
  #filter: LogFilter | undefined;
  #seq = 0;
  #snapshot = EMPTY;
  #frame: number | undefined;
  readonly #listeners = new Set<() => void>();

  readonly add = (event: StreamEvent) => {
    if (event.kind === "message") this.#received += 1;
    this.#append(freshRow(event));
  };

  /** Filters the newest of what came, and what comes; the counts begin with them. */
  readonly setFilter = (filter: LogFilter | undefined) => {
    this.#filter = filter;
    this.#rows = this.#recent.filter((row) => this.#passes(row));
    this.#received = messagesOf(this.#recent);
    this.#matched = messagesOf(this.#rows);
    this.#redrawSoon();
  };

  readonly note = (text: string) => this.#append({ kind: "note", tone: "quiet", text });

  readonly clear = () => {
    this.#recent = [];
    this.#rows = [];
    this.#received = 0;
    this.#matched = 0;
    this.#redrawSoon();
  };

  readonly snapshot = () => this.#snapshot;

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #append(fresh: Fresh) {
    this.#seq += 1;
    const row: Row = { ...fresh, seq: this.#seq };
    this.#recent = withNewest(this.#recent, row);
    if (this.#passes(row)) {
      this.#rows = withNewest(this.#rows, row);
      if (row.kind === "message") this.#matched += 1;
    }
    this.#redrawSoon();
  }

  #passes(row: Row): boolean {
    return row.kind === "note" || this.#filter === undefined || this.#filter(row.message);
  }

  #redrawSoon() {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#snapshot = { rows: this.#rows.slice(-ROWS_MAX), received: this.#received, matched: this.#matched };
      for (const listener of this.#listeners) listener();
    });
  }
}

/** The same array, or its newer half: a shift a message would move the array a message. */
function withNewest(rows: Row[], row: Row): Row[] {
  rows.push(row);
  return rows.length >= 2 * ROWS_MAX ? rows.slice(-ROWS_MAX) : rows;
}

const messagesOf = (rows: readonly Row[]) => rows.filter(({ kind }) => kind === "message").length;

function freshRow(event: StreamEvent): Fresh {
  switch (event.kind) {
    case "message":
      return messageRow(event.message);
    case "lagged":
      return { kind: "note", tone: "warn", text: laggedText(event.lagged) };
    case "gap":
      return { kind: "note", tone: "warn", text: gapText(event.gap) };
  }
}

function messageRow(message: Envelope): Fresh {
  const value = message.value ?? message.value_base64 ?? "";
  const cut = Math.max(0, value.length - VALUE_MAX);
  const kept = cut === 0 ? message : cutValue(message);
  return { kind: "message", message: kept, preview: oneLine(value), cut };
}

function cutValue(message: Envelope): Envelope {
  if (message.value_base64 !== undefined) return { ...message, value_base64: message.value_base64.slice(0, VALUE_MAX) };
  return { ...message, value: message.value?.slice(0, VALUE_MAX) ?? null };
}

function laggedText({ topic, skipped, partitions }: Lagged): string {
  const where = partitions.map(({ partition, from, to }) => `${partition}: ${from}–${to}`).join(", ");
  return `${count(skipped)} messages of ${topic} came faster than they could be shown and were skipped (${where})`;
}

function gapText({ topic, partition, from, to }: Gap): string {
  return `${topic}/${partition}: offsets ${from} to ${to} are gone from Kafka`;
}
