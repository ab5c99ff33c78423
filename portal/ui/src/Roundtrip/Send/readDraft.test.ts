import { expect, test } from "vitest";
import type { FormValues } from "./formValues";
import { readDraft, rewritten } from "./readDraft";

const values = (news: Partial<FormValues> = {}): FormValues => ({
  topic: "orders",
  key: "",
  whenEmpty: "none",
  value: "Hello",
  contentType: "text/plain; charset=utf-8",
  ...news,
});
const draftOf = (news: Partial<FormValues>) => {
  const reading = readDraft(values(news));
  return "draft" in reading ? reading.draft : expect.fail(JSON.stringify(reading.errors));
};
const errorsOf = (news: Partial<FormValues>) => {
  const reading = readDraft(values(news));
  return "errors" in reading ? reading.errors : {};
};

test("text is sent as UTF-8, byte for byte", () => {
  expect(draftOf({ value: "é\n " }).value).toEqual(Uint8Array.of(0xc3, 0xa9, 0x0a, 0x20));
});
test("JSON keeps its blanks and repeated names", () => {
  const text = '{ "a": 1.0,\n"a": 2 }';
  expect(draftOf({ format: "json", value: text }).value).toEqual(new TextEncoder().encode(text));
});
test("hex is the bytes it names", () => {
  expect(draftOf({ format: "hex", value: "00 ff\n80" }).value).toEqual(Uint8Array.of(0, 255, 128));
});
test("broken JSON and broken hex are not sent, and the place is named", () => {
  expect(errorsOf({ format: "json", value: "{\n 1" }).value).toContain("line 2, column 2");
  expect(errorsOf({ format: "hex", value: "00 0" }).value).toContain("line 1, column 4");
});
test("a value of a JSON content type is JSON unless it is said to be text", () => {
  expect(errorsOf({ contentType: "application/json" }).value).toContain("Not JSON");
  expect(errorsOf({ contentType: "application/json", format: "text" })).toEqual({});
});
test("an empty key is no key, unless an empty one is meant", () => {
  expect(draftOf({}).key).toBeNull();
  expect(draftOf({ whenEmpty: "empty" }).key).toBe("");
});
test("lines of headers that were left empty do not count", () => {
  const kept = { name: "trace", value: "" };
  expect(draftOf({ headers: [{ name: "", value: "" }, kept] }).headers).toEqual([kept]);
});
test.each([
  [[{ name: "", value: "x" }], "needs a name"],
  [[{ name: "Kafkloud-Id", value: "x" }], "the producer's own"],
  [[{ name: "Content-Type", value: "x" }], "a field of its own"],
  [[{ name: "a", value: "1" }, { name: "a", value: "2" }], "two headers a"],
])("headers %j are refused", (headers, why) => {
  expect(errorsOf({ headers }).headers).toContain(why);
});
test("a value goes over to hex and back", () => {
  expect(rewritten("aé", "text", "hex")).toBe("61 c3 a9");
  expect(rewritten("61 c3 a9", "hex", "json")).toBe("aé");
  expect(rewritten("ff", "hex", "text")).toBeUndefined();
  expect(rewritten("a", "text", "json")).toBeUndefined();
});
