import { describe, expect, test } from "vitest";
import { bytes, clockTime, duration, elapsed, exactTime, roughDuration } from "./format";

describe("times", () => {
  test("a time of day keeps its microseconds", () => {
    expect(clockTime(1_763_776_044_000_123)).toMatch(/^\d\d:\d\d:24\.000123$/);
  });
  test("the exact time is UTC to the microsecond", () => {
    expect(exactTime(1_763_776_044_000_123)).toBe("2025-11-22T01:47:24.000123Z");
  });
});

test.each([
  [0, "0 µs"],
  [512, "512 µs"],
  [1_277, "1.277 ms"],
  [2_345_678, "2.346 s"],
  [-120, "\u2212120 µs"],
])("a duration of %i µs reads %s", (us, text) => {
  expect(duration(us)).toBe(text);
});

test.each([
  [912, "912 µs"],
  [2_630, "2.63 ms"],
  [26_300, "26.3 ms"],
  [263_000, "263 ms"],
])("a percentile of %i µs reads %s", (us, text) => {
  expect(roughDuration(us)).toBe(text);
});

test.each([
  [400, "0.4 s"],
  [12_900, "12 s"],
  [185_000, "3 min"],
])("%i ms of waiting read %s", (ms, text) => {
  expect(elapsed(ms)).toBe(text);
});

test.each([
  [999, "999 B"],
  [1_234, "1.2 kB"],
])("%i bytes read %s", (n, text) => {
  expect(bytes(n)).toBe(text);
});
