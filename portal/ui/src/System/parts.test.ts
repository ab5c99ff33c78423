import { expect, test } from "vitest";
import type { ServiceReport } from "../api/hooks/health";
import { health, serviceReport } from "../test/fixtures";
import { partNamed, partsOf, storeState } from "./parts";

const stateOf = (parts: ReturnType<typeof partsOf>) => Object.fromEntries(parts.map(({ name, state }) => [name, state]));

const blind = (name: ServiceReport["name"]) =>
  serviceReport({ name, state: "unready", checks: { kafka: { ready: false, why: "no broker answers" } } });

const consumer = (checks: ServiceReport["checks"]) =>
  partNamed(partsOf(health(serviceReport({ name: "consumer", checks })), false), "consumer");

test("in good health every part is ready, in the order one asks for them", () => {
  expect(Object.entries(stateOf(partsOf(health(), false)))).toEqual(
    ["portal", "producer", "kafka", "consumer", "steward", "seer"].map((name) => [name, "ready"]),
  );
});

test("before the first answer nothing is claimed", () => {
  expect(new Set(Object.values(stateOf(partsOf(undefined, false))))).toEqual(new Set(["unknown"]));
});

test("without the portal nothing is known of the rest, whatever it said before", () => {
  const { portal, ...rest } = stateOf(partsOf(health(), true));
  expect(portal).toBe("down");
  expect(new Set(Object.values(rest))).toEqual(new Set(["unknown"]));
});

test("Kafka is as those see it who need it: partly, not at all", () => {
  expect(stateOf(partsOf(health(blind("producer")), false)).kafka).toBe("unready");
  const all = health(blind("producer"), blind("consumer"), blind("steward"), blind("seer"));
  expect(stateOf(partsOf(all, false)).kafka).toBe("down");
  expect(partNamed(partsOf(all, false), "kafka").needs[0]).toEqual({ name: "as the producer sees it", ready: false, why: "no broker answers" });
});

test("a seer that nobody answers for is down, and says where it was looked for; one that answers is as it says", () => {
  const down = serviceReport({ name: "seer", state: "down", why: "nobody answers", version: null, uptime_s: null, checks: null });
  expect(partNamed(partsOf(health(down), false), "seer")).toMatchObject({ state: "down", why: "nobody answers", version: undefined, setting: "SEER_URL" });
  expect(partNamed(partsOf(health(serviceReport({ name: "seer", state: "unready" })), false), "seer").state).toBe("unready");
});

test("the store is as the consumer says, and not known when it says nothing", () => {
  expect(storeState(consumer({ store: { ready: true } }))).toBe("ready");
  expect(storeState(consumer({ store: { ready: false, why: "disk full" } }))).toBe("down");
  expect(storeState(consumer(null))).toBe("unknown");
});
