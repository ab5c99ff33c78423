import { expect, test } from "vitest";
import type { FormValues } from "../Send/formValues";
import { readDraft } from "../Send/readDraft";
import { nthValues } from "./counter";
import { recordMaker } from "./recordMaker";

const values = (news: Partial<FormValues> = {}): FormValues => ({
  topic: "orders",
  key: "",
  whenEmpty: "none",
  value: "hello",
  contentType: "text/plain; charset=utf-8",
  ...news,
});

function nth(form: FormValues, n: number) {
  const reading = readDraft(nthValues(form, 1));
  if ("errors" in reading) throw new Error(JSON.stringify(reading.errors));
  const record = JSON.parse(recordMaker(form, reading.draft)(n)) as { key?: null; key_base64?: string; value_base64: string };
  return { key: record.key_base64 === undefined ? record.key : atob(record.key_base64), value: atob(record.value_base64) };
}

test("the counter stands in key and message, as often as it is written", () => {
  expect(nth(values({ key: "customer-{n}", value: "{n} of {n}" }), 17)).toEqual({ key: "customer-17", value: "17 of 17" });
});
test("JSON may have it as a number, and is checked as it is sent", () => {
  expect(nth(values({ format: "json", contentType: "application/json", value: '{"order":{n}}' }), 3).value).toBe('{"order":3}');
});
test("bytes are sent as they are", () => {
  expect(nth(values({ key: "k{n}", format: "hex", contentType: "application/octet-stream", value: "7b 6e 7d" }), 2)).toEqual({ key: "k2", value: "{n}" });
});
test("without a counter all are alike, and no key stays none", () => {
  expect(nth(values(), 1)).toEqual(nth(values(), 2));
  expect(nth(values({ value: "{n}" }), 1).key).toBeNull();
});
