import { expect, test } from "vitest";
import { changesBetween, inOrder, meaning } from "./settingRows";

const setting = (name: string, isDefault: boolean) => ({ name, value: "1", source: "default" as const, default: isDefault, read_only: false, sensitive: false });

test("what differs from the default stands first", () => {
  const settings = [setting("a", true), setting("z", false), setting("b", true)];
  expect(inOrder(settings, "").map(({ name }) => name)).toEqual(["z", "a", "b"]);
});
test("what was set for the topic itself stands before the broker's", () => {
  const settings = [{ ...setting("a", false), source: "static" as const }, { ...setting("b", false), source: "dynamic" as const }];
  expect(inOrder(settings, "").map(({ name }) => name)).toEqual(["b", "a"]);
});
test("the filter takes a part of the name", () => {
  const settings = [setting("retention.ms", true), setting("segment.bytes", true)];
  expect(inOrder(settings, " Retention").map(({ name }) => name)).toEqual(["retention.ms"]);
});
test("a change is another value, or the same one set for the topic itself", () => {
  const now = [setting("a", true), setting("b", true), setting("c", true)];
  const then = [setting("a", true), { ...setting("b", false), value: "2" }, { ...setting("c", false), source: "dynamic" as const }];
  expect(changesBetween(now, then).map(({ name, from, to }) => [name, from?.value, to.value])).toEqual([["b", "1", "2"], ["c", "1", "1"]]);
});
test.each([
  ["retention.ms", "604800000", "7 d"],
  ["retention.ms", "-1", "forever"],
  ["retention.bytes", "-1", "no limit"],
  ["segment.bytes", "1073741824", "1073.7 MB"],
  ["flush.messages", "9223372036854775807", "no limit"],
  ["cleanup.policy", "delete", undefined],
  ["local.retention.ms", "-2", undefined],
  ["ssl.key", null, undefined],
])("%s=%s means %s", (name, value, text) => {
  expect(meaning({ name, value })).toBe(text);
});
