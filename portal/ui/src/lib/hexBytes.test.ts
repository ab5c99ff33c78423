import { expect, test } from "vitest";
import { hexText, parseHex } from "./hexBytes";

test("pairs of digits are bytes, whatever blanks stand between them", () => {
  expect(parseHex("00 fF\n0a0b\t7f ")).toEqual({ bytes: Uint8Array.of(0, 255, 10, 11, 127) });
  expect(parseHex("")).toEqual({ bytes: new Uint8Array() });
});
test.each([
  ["00 0g", '"g" is no hexadecimal digit, line 1, column 5'],
  ["00\nff f", '"f" is half a byte, line 2, column 4'],
  ["0 0", '"0" is half a byte, line 1, column 1'],
  ["abc", '"c" is half a byte, line 1, column 3'],
])("%j is said to be wrong where it is", (text, why) => {
  expect(parseHex(text)).toEqual({ why });
});
test("bytes are written as they are read, sixteen a line", () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, n) => n);
  expect(hexText(bytes).split("\n")[1]).toBe("10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f");
  expect(parseHex(hexText(bytes))).toEqual({ bytes });
});
