import { expect, test } from "vitest";
import { groupDetails } from "../test/steward";
import { membersInTheWay, readersInTheWay } from "./inTheWay";

test.each([
  ["empty", false],
  ["dead", false],
  ["unknown", false],
  ["stable", true],
  ["preparing_rebalance", true],
  ["completing_rebalance", true],
] as const)("in a group that is %s somebody is in the way: %s", (state, inTheWay) => {
  expect(membersInTheWay({ state }) !== undefined).toBe(inTheWay);
});
test("before the preview nothing is claimed", () => {
  expect(membersInTheWay(undefined)).toBeUndefined();
});
test("only who reads the topic is in the way of unsubscribing from it", () => {
  const [first] = groupDetails().offsets;
  const offsets = [{ ...first!, member: "m-1" }];
  expect(readersInTheWay(offsets, "orders")).toBe("1 partition of it is being read just now. Stop its consumers first.");
  expect(readersInTheWay(offsets, "payments")).toBeUndefined();
});
