// The piece of a passage that one wants to see first. The seer counts characters (code points), as this does.
import type { Span } from "../address";

export interface Piece {
  text: string;
  marked: boolean;
}

/** A text in pieces, those in the spans marked. Spans may overlap and come in any order. */
export function pieces(text: string, spans: readonly Span[]): Piece[] {
  const characters = Array.from(text);
  const found: Piece[] = [];
  let at = 0;
  for (const [from, to] of merged(spans, characters.length)) {
    if (from > at) found.push({ text: characters.slice(at, from).join(""), marked: false });
    found.push({ text: characters.slice(from, to).join(""), marked: true });
    at = to;
  }
  if (at < characters.length) found.push({ text: characters.slice(at).join(""), marked: false });
  return found;
}

function merged(spans: readonly Span[], length: number): [number, number][] {
  const sorted = spans
    .map(([from, to]): [number, number] => [Math.max(0, from), Math.min(length, to)])
    .filter(([from, to]) => from < to)
    .toSorted(([a], [b]) => a - b);
  const result: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = result.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}

const BEFORE = 90;
const LENGTH = 420;
const WORD_MAX = 24;

export interface Excerpt {
  text: string;
  spans: Span[];
  /** Something was left out there. */
  cutBefore: boolean;
  cutAfter: boolean;
}

/** About LENGTH characters around the first span, from the start of a word to the end of one. */
export function excerpt(text: string, spans: readonly Span[]): Excerpt {
  const characters = Array.from(text);
  const first = Math.min(...spans.map(([from]) => from), characters.length);
  let from = spans.length === 0 || first <= BEFORE || characters.length <= LENGTH ? 0 : first - BEFORE;
  for (let step = 0; from > 0 && step < WORD_MAX && !/\s/.test(characters[from - 1] ?? " "); step++) from++;
  let to = Math.min(characters.length, Math.max(from + LENGTH, ...spans.filter(([start]) => start === first).map(([, end]) => end)));
  for (let step = 0; to < characters.length && step < WORD_MAX && !/\s/.test(characters[to] ?? " "); step++) to++;
  return {
    text: characters.slice(from, to).join(""),
    spans: spans.map(([start, end]): Span => [start - from, end - from]),
    cutBefore: from > 0,
    cutAfter: to < characters.length,
  };
}
