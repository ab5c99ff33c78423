import { expect, test } from "vitest";
import { distance, earlier, formatPosition, later, parsePosition } from "./position";

test("a position is read and written as it came, topics ascending", () => {
  expect(formatPosition(parsePosition("payments:5;orders:1042,77,3"))).toBe("orders:1042,77,3;payments:5");
  expect(parsePosition("empty:").get("empty")).toEqual([]);
});
test("the earlier of two places misses nothing of either: a partition that one lacks begins at 0", () => {
  expect(earlier([3, 8, 5], [4, 2])).toEqual([3, 2]);
});
test("the later of two keeps what only one has", () => {
  expect(later([3, 8, 5], [4, 2])).toEqual([4, 8, 5]);
});
test("the distance counts what lies between, in every partition", () => {
  const from = parsePosition("orders:3,8");
  expect(distance(from, parsePosition("orders:5,8,10;payments:2"))).toBe(14);
  expect(distance(from, parsePosition("orders:1,1"))).toBe(0);
});
