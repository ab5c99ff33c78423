import { expect, test } from "vitest";
import { health, serviceReport } from "../../test/fixtures";
import { summarize } from "./health";

const gone = (name: "steward" | "seer") => serviceReport({ name, state: "down", why: "nobody answers", checks: null });
const healths = (reports: Parameters<typeof summarize>[0]) => summarize(reports).map(({ name, health: state }) => [name, state]);

test("all is well", () => {
  expect(healths(health().services)).toEqual([
    ["producer", "ready"],
    ["kafka", "ready"],
    ["consumer", "ready"],
    ["steward", "ready"],
    ["seer", "ready"],
  ]);
});
test("nothing is known before the first answer", () => {
  expect(healths([]).map(([, state]) => state)).toEqual(["unknown", "unknown", "unknown", "unknown", "unknown"]);
});
test("a steward and a seer that nobody answers for are absent, and no trouble", () => {
  expect(summarize(health(gone("steward"), gone("seer")).services).slice(3)).toEqual(
    ["steward", "seer"].map((name) => ({ name, health: "absent", optional: true })),
  );
});
test("a service that misses Kafka is not ready, and says what it misses", () => {
  const producer = serviceReport({ name: "producer", state: "unready", checks: { kafka: { ready: false, why: "no broker answers" } } });
  const [first, kafka] = summarize(health(producer).services);
  expect(first).toEqual({ name: "producer", health: "unready", why: "The producer is not ready (kafka: no broker answers)." });
  expect(kafka?.health).toBe("down");
});
test("of a service that is gone the portal says why", () => {
  const consumer = serviceReport({ name: "consumer", state: "down", why: "nothing listens", checks: null });
  expect(summarize(health(consumer).services)[2]).toEqual({ name: "consumer", health: "down", why: "The consumer is down (nothing listens)." });
});
