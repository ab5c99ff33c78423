import { expect, test } from "vitest";
import { type Search, keyFault, readSearch, receiptsQuery, searchParams } from "./search";

const NOW = 1_763_776_044_000;
const INSTANT = "2025-11-22T01:47:24.000Z";

const search = (news: Partial<Search> = {}): Search => ({ topic: "", key: null, keyForm: "text", since: "", until: "", ...news });

test.each<Search>([
  search(),
  search({ topic: "orders", key: "customer 9/ü", since: "1h" }),
  search({ topic: "orders", key: "", since: INSTANT, until: INSTANT }),
  search({ key: "00 ff", keyForm: "hex" }),
])("%j survives the address", (what) => {
  expect(readSearch(new URLSearchParams(searchParams(what).toString()))).toEqual(what);
});
test("a time that is none is any time, and a key that cannot be read is any key", () => {
  expect(readSearch(new URLSearchParams("since=yesterday-ish&until=5m&key=0g&key_as=hex"))).toEqual(search());
});
test("spans end now, instants stand", () => {
  const times = (since: string, until = "") => {
    const query = receiptsQuery(search({ since, until }), NOW);
    return [query.since, query.until];
  };
  expect(times("5m")).toEqual([NOW - 300_000, undefined]);
  expect(times(INSTANT, "2025-11-22T01:48:24Z")).toEqual([NOW, NOW + 60_000]);
  expect(times("")).toEqual([undefined, undefined]);
});
test("a key is asked for as text, or by its bytes", () => {
  expect(receiptsQuery(search({ key: "" }), NOW)).toMatchObject({ key: "" });
  expect(receiptsQuery(search({ key: "00 ff", keyForm: "hex" }), NOW)).toMatchObject({ key_base64: "AP8=" });
  expect(receiptsQuery(search({ key: "AP8=", keyForm: "base64" }), NOW)).toMatchObject({ key_base64: "AP8=" });
});
test.each([
  ["hex", "0", '"0" is half a byte, line 1, column 1'],
  ["base64", "AP8", "this is not base64"],
  ["text", "anything", undefined],
  ["hex", "", undefined],
] as const)("as %s, %j: %s", (form, key, fault) => {
  expect(keyFault(key, form)).toBe(fault);
});
