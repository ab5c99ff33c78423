import { expect, test } from "vitest";
import { checkJson } from "./jsonCheck";

test("plain text is not complained of", () => {
  expect(checkJson("Hello", false)).toEqual({ kind: "not-json" });
});
test("text that has to be JSON is", () => {
  expect(checkJson("Hello", true)).toEqual({ kind: "broken", why: '"H" cannot stand there, line 1, column 1' });
  expect(checkJson(" ", true)).toEqual({ kind: "broken", why: "it is empty" });
});
test.each([
  ['{"a":1,"b":2}', "2 members"],
  ["[1]", "1 element"],
])("%s is valid, with %s", (text, what) => {
  expect(checkJson(text, false)).toEqual({ kind: "valid", what });
});
test("what is broken is said with line and column", () => {
  expect(checkJson('{\n  "a": 1,\n}', false)).toEqual({ kind: "broken", why: '"}" cannot stand there, line 3, column 1' });
  expect(checkJson('{\n  "a": 1', false)).toEqual({ kind: "broken", why: "its end is missing, line 2, column 9" });
});
