import { expect, test } from "vitest";
import { receipt } from "../../test/fixtures";
import { nextLook } from "./receipts";

test("a message that is not there yet is asked for again", () => {
  expect(nextLook({ kind: "waiting" }, true, 1)).toBeGreaterThan(0);
});
test("so is one that is perhaps in Kafka", () => {
  const failed = receipt({ state: "failed", persisted: "possibly", consumed_us: null });
  expect(nextLook({ kind: "receipt", receipt: failed }, false, 1)).toBeGreaterThan(0);
});
test("so is one whose first try failed, once the second was acked", () => {
  const failed = receipt({ state: "failed", persisted: "no", consumed_us: null });
  expect(nextLook({ kind: "receipt", receipt: failed }, true, 1)).toBeGreaterThan(0);
  expect(nextLook({ kind: "receipt", receipt: failed }, false, 1)).toBe(false);
});
test("a consumed message is not asked for again", () => {
  expect(nextLook({ kind: "receipt", receipt: receipt() }, true, 1)).toBe(false);
});
test("unless the time of its ack is still to come, and then not for ever", () => {
  const early = { kind: "receipt", receipt: receipt({ acked_us: null }) } as const;
  expect(nextLook(early, false, 1)).toBeGreaterThan(0);
  expect(nextLook(early, true, 1)).toBe(false);
  expect(nextLook(early, false, 1_000)).toBe(false);
});
