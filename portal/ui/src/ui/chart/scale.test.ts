import { expect, test } from "vitest";
import { aloneIn, maxOf, pathOf, stepAt, timeMarks, valueMarks } from "./scale";

const area = { left: 10, top: 0, width: 100, height: 50 };

test.each([
  [0, [0, 1]],
  [1, [0, 1]],
  [7, [0, 2, 4, 6, 8]],
  [1_042, [0, 500, 1_000, 1_500]],
])("up to %i is marked at %j", (max, marks) => {
  expect(valueMarks(max, 4)).toEqual(marks);
});
test("times are marked at both ends and between", () => {
  expect(timeMarks(361, 4)).toEqual([0, 120, 240, 360]);
  expect(timeMarks(1, 4)).toEqual([0]);
  expect(timeMarks(0, 4)).toEqual([]);
});
test("a line has a gap where nothing is known", () => {
  const path = pathOf([0, 10, null, 5, null], 10, area);
  expect(path).toBe("M10.0 50.0h0.1L35.0 0.0M85.0 25.0h0.1");
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
