import { expect, test } from "vitest";
import { aloneIn, linearScale, logScale, maxOf, pathOf, stepAt, timeMarks, valueMarks } from "./scale";

const area = { left: 10, top: 0, width: 100, height: 50 };

test.each([
  [0, [0, 1]],
  [1, [0, 1]],
  [7, [0, 2, 4, 6, 8]],
  [1_042, [0, 500, 1_000, 1_500]],
])("up to %i is marked at %j", (max, marks) => {
  expect(valueMarks(max, 4)).toEqual(marks);
});
test("a linear scale begins at 0 and ends at its last mark", () => {
  const { marks, share } = linearScale([{ name: "a", values: [7, null] }]);
  expect([marks.at(0), marks.at(-1), share(0), share(4), share(8)]).toEqual([0, 8, 0, 0.5, 1]);
});
test("a logarithmic scale has a power of ten at equal steps, and what is below the first at its foot", () => {
  const { marks, share } = logScale([{ name: "a", values: [30, null, 7_000] }]);
  expect(marks).toEqual([10, 100, 1_000, 10_000]);
  expect([share(10), share(100), share(10_000)].map((at) => at.toFixed(3))).toEqual(["0.000", "0.333", "1.000"]);
  expect([share(0), share(-5)]).toEqual([0, 0]);
  expect(logScale([{ name: "a", values: [1] }]).marks).toEqual([1, 10]);
});
test("times are marked at the end and at even distances before it", () => {
  expect(timeMarks(361, 4)).toEqual([0, 120, 240, 360]);
  expect(timeMarks(13, 8)).toEqual([0, 2, 4, 6, 8, 10, 12]);
  expect(timeMarks(8, 4)).toEqual([1, 4, 7]);
  expect(timeMarks(1, 4)).toEqual([0]);
  expect(timeMarks(0, 4)).toEqual([]);
});
test("a line has a gap where nothing is known", () => {
  const path = pathOf([0, 10, null, 5, null], { marks: [], share: (value) => value / 10 }, area);
  expect(path).toBe("M10.0 50.0h0.1L35.0 0.0M85.0 25.0h0.1");
});
test("a joined line passes over the gaps", () => {
  const path = pathOf([null, 10, null, 5, null], { marks: [], share: (value) => value / 10 }, area, true);
  expect(path).toBe("M35.0 0.0h0.1L85.0 25.0");
});
test("a value without neighbours stands alone", () => {
  expect(aloneIn([4, null, 0, 5, null, 0])).toEqual([4, null, null, null, null, 0]);
  expect(aloneIn([])).toEqual([]);
});
test("a place in the picture is the nearest step", () => {
  expect(stepAt(0, 5, area)).toBe(0);
  expect(stepAt(58, 5, area)).toBe(2);
  expect(stepAt(500, 5, area)).toBe(4);
  expect(stepAt(5, 0, area)).toBeUndefined();
});
test("the greatest value counts what is not known as nothing", () => {
  expect(maxOf([{ name: "a", values: [null, 3] }, { name: "b", values: [2, null] }])).toBe(3);
  expect(maxOf([])).toBe(0);
});
