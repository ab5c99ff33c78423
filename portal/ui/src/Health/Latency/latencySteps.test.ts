import { expect, test } from "vitest";
import type { Latency } from "../../api/hooks/latency";
import { latencySteps, longestGaps, percentileLines, sinceFirst } from "./latencySteps";

const MINUTE_MS = 60_000;
const NOON_MS = Date.parse("2025-11-22T12:00:00Z");

const latency = (minutes: readonly number[], windowS = 600): Latency => ({
  topic: null,
  window_s: windowS,
  step_s: 60,
  count: minutes.length,
  p50: 900,
  p95: 1_800,
  p99: 2_600,
  max: 12_000,
  buckets: [],
  steps: minutes.map((minute) => ({ at: new Date(NOON_MS + minute * MINUTE_MS).toISOString(), count: 1, p50: minute, p95: 2, p99: 3, max: 4 })),
});
const at = (minute: number, seconds = 30) => NOON_MS + minute * MINUTE_MS + seconds * 1_000;
const minutesOf = (gaps: ReturnType<typeof longestGaps>) =>
  gaps.map(({ fromMs, toMs, open }) => [(fromMs - NOON_MS) / MINUTE_MS, (toMs - NOON_MS) / MINUTE_MS, open]);

test("minutes without a message are gaps in the lines", () => {
  const { steps, fromMs } = latencySteps(latency([7, 9, 10]), at(10));
  expect(fromMs).toBe(NOON_MS);
  expect(percentileLines(steps)[0]).toEqual({ name: "p50", values: [null, null, null, null, null, null, null, 7, null, 9, 10] });
});

test("what is drawn begins with the first message", () => {
  const { steps, fromMs } = sinceFirst(latencySteps(latency([7, 9]), at(10)));
  expect(fromMs).toBe(NOON_MS + 7 * MINUTE_MS);
  expect(percentileLines(steps)[0]?.values).toEqual([7, null, 9]);
});

test("a running minute without a message yet is not said to be empty", () => {
  expect(latencySteps(latency([9]), at(10)).steps).toHaveLength(10);
  expect(longestGaps(latencySteps(latency([9]), at(10)), 5)).toEqual([]);
});

test("gaps are told longest first, the one that goes on as such, and none before the first message", () => {
  const known = latencySteps(latency([2, 4, 8]), at(10));
  expect(minutesOf(longestGaps(known, 5))).toEqual([
    [5, 8, false],
    [9, 10, true],
    [3, 4, false],
  ]);
  expect(longestGaps(known, 1)).toHaveLength(1);
});

test("a window without any message has no gap to tell", () => {
  const empty = latencySteps(latency([]), at(10));
  expect(longestGaps(empty, 5)).toEqual([]);
  expect(percentileLines(empty.steps)[0]?.values.every((value) => value === null)).toBe(true);
});

test("a service whose clock is ahead of the browser's keeps its last minutes", () => {
  expect(latencySteps(latency([9, 12]), at(10)).steps.at(-1)?.p50).toBe(12);
});
