import { describe, expect, test } from "vitest";
import { ACCEPTED_US, answer, receipt, send, timeout } from "../test/fixtures";
import { columns } from "./Timeline";
import { type Circumstances, type Subject, canSendAgain, journeyOf } from "./journey";

const SENT = send().sentMs;
const soon: Circumstances = { nowMs: SENT + 100 };
const later: Circumstances = { nowMs: SENT + 6_000 };
const states = (subject: Subject, around = soon) => journeyOf(subject, around).stages.map(({ state }) => state);

describe("a message that goes well", () => {
  test("is on its way until the producer answers", () => {
    expect(states(send())).toEqual(["pending", "pending", "pending"]);
    expect(journeyOf(send(), soon).mood).toBe("wait");
  });
  test("is accepted and acked with the answer", () => {
    const journey = journeyOf(send({ answer: answer() }), soon);
    expect(journey.stages.map(({ state, atUs }) => [state, atUs])).toEqual([
      ["ok", ACCEPTED_US],
      ["ok", ACCEPTED_US + 512],
      ["pending", null],
    ]);
    expect(journey.acceptedToAckedUs).toBe(512);
    expect(journey.totalUs).toBeNull();
  });
  test("is done with the receipt, and the times add up", () => {
    const journey = journeyOf(send({ answer: answer(), receipt: receipt() }), soon);
    expect(journey).toMatchObject({ acceptedToAckedUs: 512, ackedToConsumedUs: 765, totalUs: 1_277, mood: "done", headline: "Done" });
  });
  test("keeps a negative time between ack and consumption", () => {
    const early = receipt({ consumed_us: ACCEPTED_US + 400 });
    expect(journeyOf(send({ answer: answer(), receipt: early }), soon).ackedToConsumedUs).toBe(-112);
  });
  test("is done even when the time of the ack was never written down", () => {
    const journey = journeyOf({ id: "orders/3/42", sentMs: null, receipt: receipt({ acked_us: null }) }, soon);
    expect(journey.stages[1]).toEqual({ name: "acked", state: "ok", atUs: null });
    expect(journey.totalUs).toBe(1_277);
  });
  test("says that its id is in Kafka twice", () => {
    const twice = receipt({ duplicates: [{ topic: "orders", partition: 3, offset: 977, incarnation: 7, consumed_us: ACCEPTED_US + 9_000 }] });
    expect(journeyOf(send({ receipt: twice }), soon).advice).toContain("once more");
  });
});

describe("a message that is not read in time", () => {
  test("is said to be late after five seconds, with the consumer's lag", () => {
    const journey = journeyOf(send({ answer: answer() }), { ...later, lag: 12 });
    expect(journey.headline).toBe("Not consumed within 5 s");
    expect(journey.advice).toContain("12 messages");
    expect(journey.stages[2].state).toBe("pending");
  });
  test("is said to be in Kafka while the consumer cannot be asked", () => {
    const journey = journeyOf(send({ answer: answer() }), { ...later, unreachable: "nothing listens" });
    expect(journey).toMatchObject({ headline: "In Kafka", mood: "late" });
    expect(journey.advice).toContain("nothing listens. Trying again.");
  });
});

describe("a message that fails", () => {
  test("surely not persisted: it ends there, and may be sent again", () => {
    const failed = send({ failure: timeout("no") });
    expect(states(failed)).toEqual(["ok", "failed", "skipped"]);
    expect(journeyOf(failed, soon).mood).toBe("failed");
    expect(canSendAgain(failed)).toBe(true);
  });
  test("possibly persisted: nobody knows, it is watched, and not sent again", () => {
    const failed = send({ failure: timeout("possibly") });
    expect(states(failed)).toEqual(["ok", "doubtful", "pending"]);
    expect(canSendAgain(failed)).toBe(false);
  });
  test("possibly persisted and then read: it is done after all", () => {
    expect(states(send({ failure: timeout("possibly"), receipt: receipt() }))).toEqual(["ok", "ok", "ok"]);
  });
  test("without any answer: not even the first stage is known", () => {
    const unanswered = send({ failure: { status: 0, title: "Unreachable", detail: "The portal gave no answer." } });
    expect(states(unanswered)).toEqual(["doubtful", "doubtful", "pending"]);
    expect(canSendAgain(unanswered)).toBe(true);
  });
  test("the journal's word counts where the answer was lost", () => {
    const failed = receipt({ state: "failed", persisted: "no", reason: "_MSG_TIMED_OUT", acked_us: null, consumed_us: null });
    expect(states({ id: "x", sentMs: null, receipt: failed })).toEqual(["ok", "failed", "skipped"]);
  });
});

test("a receipt that retention removed is said to be no longer known", () => {
  expect(journeyOf({ id: "x", sentMs: null }, { ...soon, expired: true }).headline).toBe("No longer known");
});

describe("the timeline's distances", () => {
  test("are as the times", () => {
    expect(columns(600, 400)).toBe("minmax(9rem, 0.600fr) minmax(9rem, 0.400fr) auto");
  });
  test("leave room for the shorter one", () => {
    expect(columns(1, 1_000_000)).toBe("minmax(9rem, 0.250fr) minmax(9rem, 0.750fr) auto");
  });
  test.each([
    [null, null],
    [512, null],
    [512, -3],
    [0, 0],
  ])("are equal for %s and %s", (first, second) => {
    expect(columns(first, second)).toBe("minmax(9rem, 0.500fr) minmax(9rem, 0.500fr) auto");
  });
});
