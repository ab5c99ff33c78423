import { expect, test } from "vitest";
import { answer, receipt } from "../../test/fixtures";
import { ApiError } from "../../api/http";
import { Burst, type BurstPlan, type BurstServices } from "./burst";

const plan = (news: Partial<BurstPlan> = {}): BurstPlan => ({
  id: "burst",
  topic: "orders",
  record: () => '{"key":null,"value_base64":"AA=="}',
  count: 1_200,
  rate: undefined,
  ...news,
});

const idsOf = (lines: readonly string[]) => lines.map((line) => (JSON.parse(line) as { id: string }).id);

/** Services whose clock only goes on while somebody sleeps. */
function services(news: Partial<BurstServices> = {}) {
  let nowMs = 0;
  const batches: { atMs: number; lines: readonly string[] }[] = [];
  const all: BurstServices = {
    post: async (_, lines) => {
      batches.push({ atMs: nowMs, lines });
      return idsOf(lines).map((id) => answer({ id }));
    },
    ask: async (ids) => ids.map((id) => receipt({ id })),
    now: () => nowMs,
    sleep: async (ms) => void (nowMs += ms),
    ...news,
  };
  return { all, batches };
}

test("every message has an id and an outcome of its own, and is followed until it is read", async () => {
  const { all, batches } = services();
  const burst = new Burst(plan(), all);
  await burst.run();
  expect(new Set(batches.flatMap(({ lines }) => idsOf(lines))).size).toBe(1_200);
  expect(batches[0]?.lines[0]).toMatch(/^\{"id":"[0-9a-f-]{36}","key":null,"value_base64":"AA=="\}$/);
  expect([burst.sent, burst.acks.length, burst.reads.length, burst.failed, burst.phase]).toEqual([1_200, 1_200, 1_200, 0, "over"]);
  expect(burst.acks[0]?.us).toBe(512);
  expect(burst.reads[0]?.us).toBe(1_277);
});

test("each record knows its number", async () => {
  const { all, batches } = services();
  await new Burst(plan({ record: (n) => `{"key":"k${n}"}` }), all).run();
  const keys = batches.flatMap(({ lines }) => lines).map((line) => (JSON.parse(line) as { key: string }).key);
  expect(new Set(keys).size).toBe(1_200);
  expect([keys[0], keys.at(-1)]).toEqual(["k1", "k1200"]);
});

test("a rate is kept to", async () => {
  const { all, batches } = services();
  await new Burst(plan({ count: 1_000, rate: 500 }), { ...all, ask: async () => [] }).run();
  const after = (ms: number) => batches.filter(({ atMs }) => atMs <= ms).reduce((sum, { lines }) => sum + lines.length, 0);
  expect(after(1_000)).toBeLessThanOrEqual(525);
  expect(Math.max(...batches.map(({ lines }) => lines.length))).toBeLessThan(500);
});

test("a large record travels in small batches", async () => {
  const { all, batches } = services();
  await new Burst(plan({ count: 8, record: () => `{"value":"${"x".repeat(1_500_000)}"}` }), all).run();
  expect(batches.map(({ lines }) => lines.length)).toEqual([2, 2, 2, 2]);
});

test("a record that fails is counted with its reason, and the others go on", async () => {
  const { all } = services({
    post: async (_, lines) =>
      idsOf(lines).map((id, index) =>
        index === 0 ? { id, error: { type: "", title: "Timeout", status: 504, detail: "not confirmed within 15 s" } } : answer({ id }),
      ),
  });
  const burst = new Burst(plan({ count: 500 }), all);
  await burst.run();
  expect([burst.failed, burst.failure, burst.acks.length]).toEqual([1, "not confirmed within 15 s", 499]);
});

test("a request that is refused ends the burst", async () => {
  const { all } = services({
    post: () => Promise.reject(new ApiError({ status: 503, title: "Busy", detail: "too many records in flight" })),
  });
  const burst = new Burst(plan({ count: 100_000 }), all);
  await burst.run();
  expect(burst.failure).toBe("too many records in flight");
  expect(burst.sent).toBeLessThanOrEqual(1_000);
  expect(burst.failed).toBe(burst.sent);
});

test("a stop sends no more, and what was sent is followed up", async () => {
  const { all } = services();
  const burst: Burst = new Burst(plan({ count: 100_000 }), {
    ...all,
    post: (topic, lines) => {
      burst.stop();
      return all.post(topic, lines);
    },
  });
  await burst.run();
  expect(burst.sent).toBeLessThan(100_000);
  expect(burst.reads.length).toBe(burst.sent);
});

test("what is never read is given up after a while, and hides nothing", async () => {
  let lost: string | undefined;
  const { all } = services();
  const burst = new Burst(plan({ count: 600 }), {
    ...all,
    ask: async (ids) => {
      lost ??= ids[0];
      return ids.filter((id) => id !== lost).map((id) => receipt({ id }));
    },
  });
  await burst.run();
  expect(burst.reads.length).toBe(599);
});
