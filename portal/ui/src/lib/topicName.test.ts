import { expect, test } from "vitest";
import { topicNameError } from "./topicName";

test.each(["orders", "a", "A.b_c-9", "...", "x".repeat(249)])("%s is a topic's name", (name) => {
  expect(topicNameError(name)).toBeUndefined();
});

test.each([
  ["", "needs a name"],
  [".", "cannot be"],
  ["..", "cannot be"],
  ["x".repeat(250), "249"],
  ["two words", "A space"],
  ["a/b", '"/"'],
  ["größe", '"ö"'],
  ["a\u{1F600}", "\u{1F600}"],
])("%j is none, and the sentence says why", (name, why) => {
  expect(topicNameError(name)).toContain(why);
});
