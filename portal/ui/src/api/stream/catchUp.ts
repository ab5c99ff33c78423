// What lies far in the past is read on a connection of its own: on the one that all share, everybody's new messages
// would have to wait until it is through.
import { type Ending, connect } from "./connection";
import { type Position, distance, formatPosition, parsePosition } from "./position";
import type { Piece } from "./sse";

/** As many messages behind, nobody notices that the shared stream goes back for them. */
export const NEAR_MESSAGES = 1_000;

export interface Lane {
  /** Where the others are. */
  goal(): Promise<{ position: Position } | Ending>;
  /** Whether one more may read alone; called before the first connection. */
  enter(): boolean;
  onPiece(piece: Piece): void;
}

/** Reads from a place on until it is near the others' place; answers how far it came, or why it did not. */
export async function comeNear(begin: Position, lane: Lane, cancelled: AbortSignal): Promise<{ position: Position } | Ending> {
  let position = begin;
  for (let entered = false; ; entered = true) {
    // Each round begins where the one before ended.
    // oxlint-disable-next-line no-await-in-loop
    const goal = await lane.goal();
    if (cancelled.aborted || !("position" in goal)) return "position" in goal ? { position } : goal;
    if (distance(position, goal.position) <= NEAR_MESSAGES) return { position };
    if (!entered && !lane.enter()) return { refused: false, why: "Others of this browser's tabs are reading from the past; it is this one's turn after them." };
    // oxlint-disable-next-line no-await-in-loop
    const round = await readUpTo(goal.position, position, lane, cancelled);
    position = round.position;
    if (round.ending) return round.ending;
  }
}

/** ending: the connection ended before it was there. */
async function readUpTo(goal: Position, begin: Position, { onPiece }: Lane, cancelled: AbortSignal): Promise<{ position: Position; ending?: Ending }> {
  const there = new AbortController();
  let position = begin;
  const ending = await connect(
    { topics: [...begin.keys()].toSorted(), position: formatPosition(begin) },
    (piece) => {
      if (cancelled.aborted || there.signal.aborted) return;
      onPiece(piece);
      if (piece.id === undefined) return;
      position = parsePosition(piece.id);
      if (distance(position, goal) <= NEAR_MESSAGES) there.abort();
    },
    AbortSignal.any([cancelled, there.signal]),
  );
  return there.signal.aborted ? { position } : { position, ending };
}
