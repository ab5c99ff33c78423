import { expect, test } from "vitest";
import { fieldTime, timeInField } from "./localTime";

test("a time goes through the browser's field and back", () => {
  expect(timeInField(fieldTime(1_763_776_044_000))).toBe(1_763_776_044_000);
  expect(timeInField("")).toBeUndefined();
});
