import { expect, test } from "vitest";
import { type Position, fromOf, positionParams, readPosition } from "./position";

const addressOf = (position: Position) =>
  new URLSearchParams(Object.entries(positionParams(position)).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));

test.each<[Position, string]>([
  [{ partition: undefined, start: "end", at: undefined }, "end"],
  [{ partition: 0, start: "beginning", at: undefined }, "beginning"],
  [{ partition: 3, start: "offset", at: 42 }, "42"],
  [{ partition: undefined, start: "time", at: 1_763_776_044_000 }, "time:1763776044000"],
])("%j survives the address and is asked for as %s", (position, from) => {
  expect(readPosition(addressOf(position))).toEqual(position);
  expect(fromOf(position)).toBe(from);
});
test("an address typed by hand shows the newest", () => {
  expect(readPosition(new URLSearchParams("from=nowhere&partition=-1&at=x"))).toEqual({ partition: undefined, start: "end", at: undefined });
});
