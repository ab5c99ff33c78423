import { expect, test } from "vitest";
import { parseTimeSpan, timeSpan } from "./timeSpan";

test.each([
  ["7 d", 604_800_000],
  ["12h", 43_200_000],
  ["90 min", 5_400_000],
  ["1500 ms", 1_500],
  ["Forever", -1],
])("%s is %i ms", (text, ms) => {
  expect(parseTimeSpan(text)).toBe(ms);
  expect(parseTimeSpan(timeSpan(ms))).toBe(ms);
});
test.each(["", "7", "-1 d", "a week", "99999999999999999 d"])("%j is no span", (text) => {
  expect(parseTimeSpan(text)).toBeUndefined();
});
test("a span is said in the largest unit without a rest", () => {
  expect(timeSpan(604_800_000)).toBe("7 d");
  expect(timeSpan(90_000)).toBe("90 s");
  expect(timeSpan(0)).toBe("0 ms");
});
