import { expect, test } from "vitest";
import { barsOf, marksOf, placeOf } from "./histogram";

test("buckets of a quarter of a doubling are one bar, and no bar between is left out", () => {
  // The consumer's buckets end at 927, 959, 991, 1023: all within 896 and 1,024.
  const bars = barsOf([927, 959, 991, 1_023, 1_535].map((le_us, n) => ({ le_us, count: n + 1 })));
  expect(bars).toEqual([
    { fromUs: 896, toUs: 1_024, count: 10 },
    { fromUs: 1_024, toUs: 1_280, count: 0 },
    { fromUs: 1_280, toUs: 1_536, count: 5 },
  ]);
});

test("nothing counted is no bars", () => {
  expect(barsOf([])).toEqual([]);
  expect(marksOf([])).toEqual([]);
});

test("no count is lost, from nothing to hours", () => {
  const buckets = [0, 1, 2, 15, 1_023, 65_535, 2 ** 33 - 1].map((le_us) => ({ le_us, count: 1 }));
  const bars = barsOf(buckets);
  expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(buckets.length);
  expect(bars.length).toBe(4 * 33);
});

test("marks stand at powers of ten where these are in the picture, else at its ends", () => {
  const wide = barsOf([{ le_us: 99, count: 1 }, { le_us: 20_000, count: 1 }]);
  expect(marksOf(wide).map(({ us }) => us)).toEqual([100, 1_000, 10_000]);
  const narrow = barsOf([{ le_us: 927, count: 1 }]);
  expect(marksOf(narrow)).toEqual([{ us: 896, at: 0 }, { us: 1_024, at: 1 }]);
});

test("the scale doubles in equal steps", () => {
  expect([1, 2, 4, 6].map(placeOf)).toEqual([0, 4, 8, 10]);
});
