import { expect, test } from "vitest";
import { readSort, sortItems, sortText } from "./sortItems";

const items = [{ n: 2 }, { n: null }, { n: 10 }, { n: 1 }];

test("numbers are sorted as numbers, what is not known stands last in both directions", () => {
  expect(sortItems(items, ({ n }) => n, false).map(({ n }) => n)).toEqual([1, 2, 10, null]);
  expect(sortItems(items, ({ n }) => n, true).map(({ n }) => n)).toEqual([10, 2, 1, null]);
});
test("names with numbers are sorted as a person counts", () => {
  expect(sortItems(["topic-10", "topic-9"], (name) => name, false)).toEqual(["topic-9", "topic-10"]);
});
test("an address's sort is read back, and an unknown one is the usual", () => {
  const usual = { by: "name", descending: false };
  expect(readSort(sortText({ by: "lag", descending: true }), ["name", "lag"], usual)).toEqual({ by: "lag", descending: true });
  expect(readSort("-colour", ["name", "lag"], usual)).toEqual(usual);
  expect(readSort(null, ["name", "lag"], usual)).toEqual(usual);
});
