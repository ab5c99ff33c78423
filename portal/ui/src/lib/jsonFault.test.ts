import { expect, test } from "vitest";
import { jsonFault } from "./jsonFault";

const VALID = ["1", '"a"', " [ ] ", "{}", '[1, -0.5e+3, true, null, "\\u00e9\\n"]', '{"a": {"b": [{}, []]}, "a": false}', "\n\t0\r\n", '"\u007f\u0085\u{1f469}"'];
test.each(VALID)("%j has no fault", (text) => {
  expect(() => JSON.parse(text)).not.toThrow();
  expect(jsonFault(text)).toBeUndefined();
});

test.each([
  ["", 0],
  ["{", 1],
  ['{"a" 1}', 5],
  ['{"a": x}', 6],
  ['{"a": 1,}', 8],
  ["[1 2]", 3],
  ["[1,]", 3],
  ["[1}", 2],
  ["01", 0],
  ["1.", 0],
  ["truely", 0],
  ['"\t"', 0],
  ["{} {}", 3],
  ["'a'", 0],
])("%j is at fault at %i, and the browser refuses it, too", (text, offset) => {
  expect(() => JSON.parse(text)).toThrow(/./);
  expect(jsonFault(text)).toBe(offset);
});
