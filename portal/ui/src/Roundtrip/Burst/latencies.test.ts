import { expect, test } from "vitest";
import { courseOf, spreadOf, summaryOf } from "./latencies";

const MS = 1_763_776_044_000;
const sample = (us: number, afterMs = 0) => ({ atUs: (MS + afterMs) * 1_000, us });

test("percentiles are values that occurred", () => {
  const samples = Array.from({ length: 100 }, (_, n) => sample(100 - n));
  expect(summaryOf(samples)).toEqual({ p50: 50, p95: 95, p99: 99, max: 100 });
  expect(summaryOf([sample(7)])).toEqual({ p50: 7, p95: 7, p99: 7, max: 7 });
  expect(summaryOf([])).toBeUndefined();
});
test("over time each step has its own percentiles, and a step without messages has none", () => {
  const { fromMs, stepMs, lines } = courseOf([sample(10), sample(30, 50), sample(500, 250)]);
  expect([fromMs, stepMs]).toEqual([MS, 100]);
  expect(lines.map(({ name, values }) => [name, values])).toEqual([
    ["p50", [10, null, 500]],
    ["p95", [30, null, 500]],
    ["p99", [30, null, 500]],
  ]);
});
test("a long burst has longer steps, not more than can be seen", () => {
  const { stepMs, lines } = courseOf([sample(1), sample(1, 100_000)]);
  expect(stepMs).toBe(2_000);
  expect(lines[0]?.values).toHaveLength(51);
});
test("the spread goes from the shortest to the longest, with what is empty between", () => {
  expect(spreadOf([sample(150), sample(100), sample(900), sample(-3)])).toEqual([
    { upToUs: 100, count: 2 },
    { upToUs: 200, count: 1 },
    { upToUs: 500, count: 0 },
    { upToUs: 1_000, count: 1 },
  ]);
  expect(spreadOf([sample(30_000)])).toEqual([{ upToUs: 50_000, count: 1 }]);
  expect(spreadOf([])).toEqual([]);
});
