import { expect, test } from "vitest";
import { bytesOf } from "./bytes";
import { hexDump } from "./hex";
import { parseJson } from "./json";

test("a value's bytes are those in Kafka, text or not", () => {
  expect([...bytesOf({ value: "ü" })]).toEqual([0xc3, 0xbc]);
  expect([...bytesOf({ value_base64: "AP8=" })]).toEqual([0, 255]);
});
test("sixteen bytes make a line, with the letters beside", () => {
  expect(hexDump(new TextEncoder().encode("Hello, Kafka.\n\u0000 and on"))).toBe(
    "00000000  48 65 6c 6c 6f 2c 20 4b  61 66 6b 61 2e 0a 00 20  |Hello, Kafka... |\n" +
      "00000010  61 6e 64 20 6f 6e                                 |and on|",
  );
});
test("objects and lists are trees; a text that looks like one and is none, or is a single value, is not", () => {
  expect(parseJson(' {"a": [1]}')).toEqual({ value: { a: [1] } });
  expect(parseJson("{a: 1}")).toBeUndefined();
  expect(parseJson("42")).toBeUndefined();
});
