import { expect, test } from "vitest";
import { wasRefused } from "./useSending";

test.each([
  [400, true],
  [404, true],
  [413, true],
  [429, true],
  [503, true],
  [0, false],
  [500, false],
  [502, false],
  [504, false],
])("after status %i the message was refused for sure: %s", (status, refused) => {
  expect(wasRefused({ status, title: "", detail: "" })).toBe(refused);
});
