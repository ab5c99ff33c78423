import { expect, test } from "vitest";
import { lagLines, lagOf, partitionsOf, sinceKnown, topicsOf } from "./offsets";

const offset = (topic: string, partition: number, lag: number | null) => ({ topic, partition, committed: 0, low: 0, high: 10, lag, member: null });
const offsets = [offset("b", 1, 3), offset("b", 0, 4), offset("a", 0, 0)];

test("a lag that is not known makes the sum unknown, not smaller", () => {
  expect(lagOf(offsets)).toBe(7);
  expect(lagOf([...offsets, offset("c", 0, null)])).toBeNull();
  expect(lagOf([])).toBe(0);
});
test("topics and partitions are offered once and in order", () => {
  expect(topicsOf(offsets)).toEqual(["a", "b"]);
  expect(partitionsOf(offsets, "b")).toEqual([0, 1]);
});
test("few partitions have a line each", () => {
  const series = [{ topic: "a", partition: 0, lag: [1, null] }];
  expect(lagLines({ step_s: 10, from_ms: 0, series })).toEqual([{ name: "a/0", values: [1, null] }]);
});
test("of many, those that lag most have their own line and the others one together", () => {
  const series = Array.from({ length: 10 }, (_, partition) => ({ topic: "a", partition, lag: [partition, partition] }));
  const lines = lagLines({ step_s: 10, from_ms: 0, series });
  expect(lines.map(({ name }) => name)).toEqual(["a/5", "a/6", "a/7", "a/8", "a/9", "5 others"]);
  expect(lines.at(-1)?.values).toEqual([10, 10]);
});
test("the time before the first look is left out, gaps after it are not", () => {
  const series = [
    { topic: "a", partition: 0, lag: [null, null, 3, null] },
    { topic: "a", partition: 1, lag: [null, 1, null, 2] },
  ];
  const { from_ms, series: known } = sinceKnown({ step_s: 10, from_ms: 5_000, series });
  expect(from_ms).toBe(15_000);
  expect(known.map(({ lag }) => lag)).toEqual([[null, 3, null], [1, null, 2]]);
});
test("together, what is not known of one is not known", () => {
  const series = Array.from({ length: 10 }, (_, partition) => ({ topic: "a", partition, lag: partition === 0 ? [null, 0] : [1, 1] }));
  expect(lagLines({ step_s: 10, from_ms: 0, series }).at(-1)?.values).toEqual([null, 4]);
});
