import { expect, test } from "vitest";
import { answer, receipt, send, timeout } from "../test/fixtures";
import { SENDS_MAX, isSettled, learn, remember, sendsStore } from "./sends";

test("the last fifty are kept, newest first, also in the browser's storage", () => {
  for (let n = 1; n <= SENDS_MAX + 5; n++) remember(send({ id: `id-${n}` }));
  const kept = JSON.parse(localStorage.getItem("kafkloud.sends") ?? "[]");
  expect(kept).toHaveLength(SENDS_MAX);
  expect(kept[0].id).toBe(`id-${SENDS_MAX + 5}`);
});
test("news of a forgotten send bring it not back", () => {
  learn("gone", { receipt: receipt() });
  expect(sendsStore.get()).toHaveLength(0);
});
test("the same id again replaces what was known", () => {
  remember(send({ failure: timeout("no") }));
  remember(send());
  expect(sendsStore.get()).toHaveLength(1);
  expect(sendsStore.get()[0]?.failure).toBeUndefined();
});
const failedReceipt = receipt({ state: "failed", persisted: "no", acked_us: null, consumed_us: null });
test.each([
  ["one that was read", send({ receipt: receipt() }), true],
  ["one that surely failed", send({ failure: timeout("no") }), true],
  ["one that perhaps failed", send({ failure: timeout("possibly") }), false],
  ["one on its way", send(), false],
  ["one that was acked after it had failed", send({ answer: answer(), receipt: failedReceipt }), false],
])("%s is settled: %s", (_, sent, settled) => {
  expect(isSettled(sent)).toBe(settled);
});
