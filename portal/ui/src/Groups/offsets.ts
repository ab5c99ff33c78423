// What is counted and chosen from a group's offsets.
import type { GroupOffset, LagHistory } from "../api/hooks/groups";
import { LINES_MAX } from "../ui/chart/colours";
import type { Line } from "../ui/chart/scale";

/** The lags' sum; null: one is not known, so the sum is not. */
export const lagOf = (offsets: readonly GroupOffset[]) =>
  offsets.reduce<number | null>((sum, { lag }) => (sum === null || lag === null ? null : sum + lag), 0);

export const topicsOf = (offsets: readonly GroupOffset[]) => [...new Set(offsets.map(({ topic }) => topic))].toSorted();

/** The partitions of one topic; with several topics there is nothing to choose from. */
export const partitionsOf = (offsets: readonly GroupOffset[], topic: string) =>
  offsets.flatMap((offset) => (offset.topic === topic ? offset.partition : [])).toSorted((a, b) => a - b);

/**
 * A line a partition, in the partitions' order, so that none changes its colour. Where there are more than can be told
 * apart, those that lag most just now have their own, and the others one together.
 */
export function lagLines({ series }: LagHistory): Line[] {
  const all = series.map(({ topic, partition, lag }) => ({ name: `${topic}/${partition}`, values: lag }));
  if (all.length <= LINES_MAX) return all;
  const most = new Set(all.toSorted((a, b) => (b.values.at(-1) ?? -1) - (a.values.at(-1) ?? -1)).slice(0, LINES_MAX - 1));
  const others = all.filter((line) => !most.has(line));
  return [...all.filter((line) => most.has(line)), { name: `${others.length} others`, values: sumOf(others) }];
}

/** Without the time before anything was known, in which the steward had not looked yet. */
export function sinceKnown(history: LagHistory): LagHistory {
  const firsts = history.series.map(({ lag }) => lag.findIndex((value) => value !== null)).filter((first) => first >= 0);
  const first = firsts.length === 0 ? 0 : Math.min(...firsts);
  return {
    ...history,
    from_ms: history.from_ms + first * history.step_s * 1_000,
    series: history.series.map((one) => ({ ...one, lag: one.lag.slice(first) })),
  };
}

/** Step by step; null where one of them is not known. */
function sumOf(lines: readonly Line[]): (number | null)[] {
  const steps = Math.max(...lines.map(({ values }) => values.length));
  return Array.from({ length: steps }, (_, step) =>
    lines.reduce<number | null>((sum, { values }) => (sum === null || typeof values[step] !== "number" ? null : sum + values[step]), 0),
  );
}
