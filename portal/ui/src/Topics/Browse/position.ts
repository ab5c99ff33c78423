// Where browsing stands: kept in the address, understood by the steward.
import { wholeNumber } from "../../lib/wholeNumber";

export const STARTS = [
  { id: "end", title: "The newest" },
  { id: "beginning", title: "The oldest" },
  { id: "offset", title: "From an offset" },
  { id: "time", title: "From a time" },
] as const;

export type Start = (typeof STARTS)[number]["id"];

export interface Position {
  /** undefined: all of them. */
  partition: number | undefined;
  start: Start;
  /** The offset, or the time in ms. */
  at: number | undefined;
}

export function readPosition(params: URLSearchParams): Position {
  const start = STARTS.find(({ id }) => id === params.get("from"))?.id ?? "end";
  return { partition: natural(params.get("partition")), start, at: natural(params.get("at")) };
}

function natural(text: string | null): number | undefined {
  const n = text === null ? undefined : wholeNumber(text);
  return n !== undefined && n >= 0 ? n : undefined;
}

/** The address's members for a position. A new position forgets the page one had turned to. */
export const positionParams = ({ partition, start, at }: Position) => ({
  partition,
  from: start === "end" ? undefined : start,
  at: start === "offset" || start === "time" ? at : undefined,
  page: undefined,
});

/** The steward's ?from=. */
export function fromOf({ start, at }: Position): string {
  if (start === "offset") return String(at ?? 0);
  if (start === "time") return `time:${at ?? 0}`;
  return start;
}
