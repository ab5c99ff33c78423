// One connection to the consumer's stream, from its opening to its end.
import { fetchAsBearer } from "../bearer";
import { toProblem } from "../http";
import { paths } from "../paths";
import { type Piece, sseReader } from "./sse";

/** Why a connection ended, and when to come back. */
export interface Ending {
  /** A sentence, when somebody gave one. */
  why?: string;
  /** The service refused what was asked for: the same again will be refused again. */
  refused: boolean;
  /** How long it asked us to stay away, in ms. */
  retryMs?: number;
}

export interface Ask {
  topics: readonly string[];
  /** Where to go on (a position), or else where to begin (latest, earliest or a time in ms). */
  position?: string;
  from?: string;
}

/** Heartbeats come every 15 s; a connection this silent is dead, whatever the network says. */
const SILENCE_MAX_MS = 45_000;
const UNREACHABLE = "The portal gave no answer.";

/** Reads until the end; onPiece hears everything, beginning with the first byte's arrival (an empty piece). */
export async function connect(ask: Ask, onPiece: (piece: Piece) => void, cancelled: AbortSignal): Promise<Ending> {
  const silent = new AbortController();
  let timer = setTimeout(() => silent.abort(), SILENCE_MAX_MS);
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silent.abort(), SILENCE_MAX_MS);
  };
  try {
    const response = await fetchAsBearer(paths.consume(ask.topics, ask.from), {
      signal: AbortSignal.any([cancelled, silent.signal]),
      cache: "no-store",
      headers: ask.position === undefined ? {} : { "Last-Event-ID": ask.position },
    });
    if (!response.ok || !response.body) return await refusal(response);
    onPiece({ events: [] });
    return await readAll(response.body, (piece) => {
      alive();
      onPiece(piece);
    });
  } catch {
    return { refused: false, why: silent.signal.aborted ? "The stream fell silent." : UNREACHABLE };
  } finally {
    clearTimeout(timer);
  }
}

/** A stream begins with its position; more of it is not wanted here. */
export async function firstPosition(ask: Ask, cancelled: AbortSignal): Promise<{ position: string } | Ending> {
  const enough = new AbortController();
  let position: string | undefined;
  const ending = await connect(
    ask,
    (piece) => {
      if (piece.firstId === undefined) return;
      position ??= piece.firstId; // messages may be behind it in the same piece
      enough.abort();
    },
    AbortSignal.any([cancelled, enough.signal]),
  );
  return position === undefined ? ending : { position };
}

async function readAll(body: ReadableStream<Uint8Array>, onPiece: (piece: Piece) => void): Promise<Ending> {
  const ending: Ending = { refused: false };
  const read = sseReader();
  const text = new TextDecoder();
  const reader = body.getReader();
  for (;;) {
    // A stream is read in order.
    // oxlint-disable-next-line no-await-in-loop
    const { done, value } = await reader.read();
    if (done) return ending;
    const piece = read(text.decode(value, { stream: true }));
    if (piece.retry !== undefined) ending.retryMs = piece.retry;
    // The service says so before it ends an overloaded stream.
    if (piece.comment !== undefined) ending.why = piece.comment;
    onPiece(piece);
  }
}

async function refusal(response: Response): Promise<Ending> {
  const body: unknown = await response.json().catch(() => undefined);
  const { status, detail, retry_after_s } = toProblem(response, body);
  return { refused: status >= 400 && status < 500, why: detail, ...(retry_after_s && { retryMs: retry_after_s * 1_000 }) };
}
