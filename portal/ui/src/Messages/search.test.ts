import { expect, test } from "vitest";
import { type Search, fromLocalInput, readSearch, searchParams, sinceMs, toLocalInput } from "./search";

const NOW = 1_763_776_044_000;

test.each<Search>([
  { topic: "", key: null, since: "" },
  { topic: "orders", key: "customer 9/ü", since: "1h" },
  { topic: "orders", key: "", since: "2025-11-22T01:47:24.000Z" },
])("%j survives the address", (search) => {
  expect(readSearch(new URLSearchParams(searchParams(search).toString()))).toEqual(search);
});
test("a time that is none is any time", () => {
  expect(readSearch(new URLSearchParams("since=yesterday-ish")).since).toBe("");
});
test("spans end now, instants stand", () => {
  expect(sinceMs("5m", NOW)).toBe(NOW - 300_000);
  expect(sinceMs("2025-11-22T01:47:24.000Z", NOW)).toBe(NOW);
  expect(sinceMs("", NOW)).toBeUndefined();
});
test("an instant goes through the user's own clock and back", () => {
  expect(fromLocalInput(toLocalInput("2025-11-22T01:47:24.000Z"))).toBe("2025-11-22T01:47:24.000Z");
  expect(fromLocalInput("")).toBe("");
});
