import { expect, test } from "vitest";
import { checkJson } from "./jsonCheck";

test("plain text is not complained of", () => {
  expect(checkJson("Hello", false)).toEqual({ kind: "not-json" });
});
test("text under a JSON content type is", () => {
  expect(checkJson("Hello", true).kind).toBe("broken");
});
test.each([
  ['{"a":1,"b":2}', "2 members"],
  ["[1]", "1 element"],
])("%s is valid, with %s", (text, what) => {
  expect(checkJson(text, false)).toEqual({ kind: "valid", what });
});
test("broken JSON is said with line and column where the browser tells a position", () => {
  expect(checkJson('{\n  "a": 1,\n}', false)).toEqual({
    kind: "broken",
    why: expect.stringContaining("line 3, column 1"),
  });
});
