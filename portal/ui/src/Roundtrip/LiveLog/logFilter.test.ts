import { expect, test } from "vitest";
import type { Envelope } from "../../api/hooks/consume";
import { logFilterOf } from "./logFilter";

const message: Envelope = {
  id: "orders/0/1",
  topic: "orders",
  partition: 0,
  offset: 1,
  timestamp_ms: 1,
  key: "customer-9",
  value: '{"order": {"id": 42, "paid": true, "items": ["tea", "Lamp"]}, "note": "by post"}',
  headers: [{ name: "trace", value: "abc" }],
};

test.each([
  ["lamp", true],
  ["CUSTOMER", true],
  ["orders", true],
  ["abc", true],
  ["coffee", false],
  ["tea lamp", true],
  ["tea coffee", false],
  ["key=customer-9", true],
  ["key=customer", false],
  ["value.order.id=42", true],
  ["value.order.id=4", false],
  ["value.order.paid=true", true],
  ["value.order.items.0=tea", true],
  ["value.order.items=[\"tea\",\"Lamp\"]", true],
  ["value.order.sum=", false],
  ["value.order.id=42 key=customer-8", false],
])("%s shows the message: %s", (text, shown) => {
  expect(logFilterOf(text)?.(message)).toBe(shown);
});
test("nothing typed filters nothing", () => {
  expect(logFilterOf("  ")).toBeUndefined();
});
test("what is not JSON, a tombstone or binary has no members", () => {
  const filter = logFilterOf("value.a=1");
  expect(filter?.({ ...message, value: "a=1" })).toBe(false);
  expect(filter?.({ ...message, value: null })).toBe(false);
  expect(logFilterOf("value=plain")?.({ ...message, value: "plain" })).toBe(true);
});
