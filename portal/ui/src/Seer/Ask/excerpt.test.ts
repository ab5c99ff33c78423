import { expect, test } from "vitest";
import { excerpt, pieces } from "./excerpt";

test("what is in a span is marked, the rest is kept as it is", () => {
  expect(pieces("the red fox", [[4, 7]])).toEqual([
    { text: "the ", marked: false },
    { text: "red", marked: true },
    { text: " fox", marked: false },
  ]);
});

test("characters are counted, not units of UTF-16", () => {
  expect(pieces("🦊🦊 red", [[3, 6]]).find(({ marked }) => marked)?.text).toBe("red");
});

test("spans that overlap are one, and none leaves the text", () => {
  expect(pieces("abcdef", [[4, 90], [1, 3], [2, 4]]).map(({ text, marked }) => (marked ? `[${text}]` : text)).join("")).toBe("a[bcdef]");
});

test("a short passage is shown whole", () => {
  expect(excerpt("short", [[0, 5]])).toEqual({ text: "short", spans: [[0, 5]], cutBefore: false, cutAfter: false });
});

test("of a long one the piece around the first span is shown, from the beginning of a word to the end of one", () => {
  const text = `${"word ".repeat(100)}needle ${"after ".repeat(100)}`;
  const shown = excerpt(text, [[500, 506]]);
  expect(shown.cutBefore && shown.cutAfter).toBe(true);
  expect(shown.text.startsWith("word ")).toBe(true);
  expect(shown.text.endsWith("after")).toBe(true);
  const [from, to] = shown.spans[0] ?? [0, 0];
  expect(shown.text.slice(from, to)).toBe("needle");
});

test("without a span it begins at the beginning", () => {
  expect(excerpt("x".repeat(2_000), []).cutBefore).toBe(false);
});
