// The consumer's buckets, a sixteenth of a power of two each, four together: so many bars can be seen apart.
import type { Latency } from "../../api/hooks/latency";

const BARS_A_DOUBLING = 4;

export interface Bar {
  fromUs: number;
  toUs: number;
  count: number;
}

/** Where a latency stands on the bars' scale: each doubling is four long, straight within. */
export function placeOf(us: number): number {
  const value = Math.max(1, us);
  const doublings = Math.floor(Math.log2(value));
  return BARS_A_DOUBLING * (doublings + value / 2 ** doublings - 1);
}

function usAt(place: number): number {
  const doublings = Math.floor(place / BARS_A_DOUBLING);
  return 2 ** doublings * (1 + (place % BARS_A_DOUBLING) / BARS_A_DOUBLING);
}

/** From the quickest to the slowest, those that nobody counted between them included. */
export function barsOf(buckets: Latency["buckets"]): Bar[] {
  const counts = new Map<number, number>();
  for (const { le_us: us, count } of buckets) {
    const place = Math.floor(placeOf(us));
    counts.set(place, (counts.get(place) ?? 0) + count);
  }
  if (counts.size === 0) return [];
  const first = Math.min(...counts.keys());
  const length = Math.max(...counts.keys()) - first + 1;
  return Array.from({ length }, (_, n) => ({ fromUs: usAt(first + n), toUs: usAt(first + n + 1), count: counts.get(first + n) ?? 0 }));
}

export interface Mark {
  us: number;
  /** 0 at the picture's left edge, 1 at its right. */
  at: number;
}

/** 1 ms, 10 ms, ...: those of the powers of ten that lie within the bars; both ends where there are fewer than two. */
export function marksOf(bars: readonly Bar[]): Mark[] {
  const [first, last] = [bars[0], bars.at(-1)];
  if (!first || !last) return [];
  const [from, to] = [placeOf(first.fromUs), placeOf(last.toUs)];
  const mark = (us: number) => ({ us, at: (placeOf(us) - from) / (to - from) });
  const powers = Array.from({ length: 13 }, (_, n) => 10 ** n).filter((us) => us >= first.fromUs && us <= last.toUs);
  return (powers.length < 2 ? [first.fromUs, last.toUs] : powers).map(mark);
}
