import { expect, test } from "vitest";
import { browsed } from "../test/steward";
import { formOf } from "./produceAgain";

test("a text goes into the form as it is, with its key and its content type", () => {
  const message = browsed(0, { key: "customer-9", value: '{"a": 1}', headers: [{ name: "Content-Type", value: "application/json" }] });
  expect(formOf("orders", message).values).toEqual({
    topic: "orders",
    key: "customer-9",
    whenEmpty: "none",
    format: "json",
    value: '{"a": 1}',
    contentType: "application/json",
    headers: [],
  });
});
test("no key and an empty key stay two things", () => {
  expect(formOf("orders", browsed(0, { key: null, value: "x" })).values?.whenEmpty).toBe("none");
  expect(formOf("orders", browsed(0, { key: "", value: "x" })).values?.whenEmpty).toBe("empty");
});
test("headers come along, and bytes that are no text come as hex", () => {
  const message = browsed(0, { headers: [{ name: "trace", value: "a1" }], value_base64: "AP8=" });
  expect(formOf("orders", message).values).toMatchObject({ headers: [{ name: "trace", value: "a1" }], format: "hex", value: "00 ff", contentType: "application/octet-stream" });
});
test("what the form cannot hold is not offered, and it says why", () => {
  expect(formOf("orders", browsed(0, { value: null })).why).toContain("tombstone");
  expect(formOf("orders", browsed(0, { key_base64: "/w==", value: "x" })).why).toContain("keys that are text");
  expect(formOf("orders", browsed(0, { value: "x", headers: [{ name: "trace", value: null }] })).why).toContain("headers that are text");
});
