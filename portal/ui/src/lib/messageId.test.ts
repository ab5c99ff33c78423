import { expect, test } from "vitest";
import { isMessageId } from "./messageId";

test.each([
  ["0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e01", true],
  ["0199B6A2-7D3E-7C11-9A55-0C6F2F1D8E01", true],
  ["orders/3/42", true],
  ["orders.v1/0/9007199254740993", true],
  ["0199b6a2-7d3e-7c11-9a55", false],
  ["orders", false],
  ["orders/3", false],
  ["orders/3/42/1", false],
  ["or ders/3/42", false],
  ["orders/-1/42", false],
  ["", false],
])("%j is a message's id: %s", (text, is) => {
  expect(isMessageId(text)).toBe(is);
});
