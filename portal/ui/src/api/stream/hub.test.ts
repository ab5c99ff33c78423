// The hub against streams that the test plays.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeStream, json, serve } from "../../test/services";
import { Hub } from "./hub";
import type { StreamEvent, StreamState, ToTab } from "./protocol";

let hub: Hub;
beforeEach(() => {
  serve();
  hub = new Hub();
});
const tabs: { send(message: ToTab): void }[] = [];
afterEach(() => {
  for (const { send } of tabs.splice(0)) hub.endAll(send);
});

/** A tab with one subscription. */
function tab() {
  const events: StreamEvent[] = [];
  const states: StreamState[] = [];
  const send = (message: ToTab) => {
    if (message.kind === "events") events.push(...message.events);
    else states.push(message.state);
  };
  const made = {
    send,
    states,
    events,
    offsets: () => events.flatMap((event) => (event.kind === "message" ? event.message.offset : [])),
    follow: (topics: string[], from = "latest") => hub.follow(1, send, topics, from),
    state: () => states.at(-1),
  };
  tabs.push(made);
  return made;
}

const envelope = (topic: string, offset: number) => ({ id: `${topic}/0/${offset}`, topic, partition: 0, offset, timestamp_ms: 1, headers: [] });
const stream = () => FakeStream.open()[0];
const push = (topic: string, offset: number, id = `${topic}:${offset + 1}`) => stream()?.push("streamer", envelope(topic, offset), id);
const live = (...which: ReturnType<typeof tab>[]) => vi.waitFor(() => expect(which.map((one) => one.state()?.kind)).toEqual(which.map(() => "live")));
const refuse = (topic: string) => ({ path, headers }: { path: string; headers: Headers }) =>
  path.includes("/consume?") && path.includes(topic) && !headers.has("x") ? json({ status: 404, title: "Not found", detail: `no topic ${topic}` }, 404) : undefined;

test("three tabs that follow the same share one stream, and each gets every message once", async () => {
  const three = [tab(), tab(), tab()];
  for (const one of three) one.follow(["orders"]);
  await live(...three);
  expect(FakeStream.open()).toHaveLength(1);
  push("orders", 0);
  push("orders", 1);
  await vi.waitFor(() => expect(three.map((one) => one.offsets())).toEqual([[0, 1], [0, 1], [0, 1]]));
});

test("a tab that asks for another topic gets only that, and the others miss nothing", async () => {
  const first = tab();
  const second = tab();
  first.follow(["orders"]);
  await live(first);
  push("orders", 0);
  await vi.waitFor(() => expect(first.offsets()).toEqual([0]));
  second.follow(["payments"]);
  await live(second);
  expect(FakeStream.open()).toHaveLength(1);
  expect(stream()?.topics).toEqual(["orders", "payments"]);
  expect(stream()?.position).toBe("orders:1;payments:0");
  push("orders", 1, "orders:2;payments:0");
  push("payments", 0, "orders:2;payments:1");
  await vi.waitFor(() => expect(second.offsets()).toEqual([0]));
  expect(first.offsets()).toEqual([0, 1]);
});

test("a tab that begins earlier makes nobody see a message twice", async () => {
  const first = tab();
  first.follow(["orders"]);
  await live(first);
  push("orders", 0);
  push("orders", 1);
  await vi.waitFor(() => expect(first.offsets()).toEqual([0, 1]));
  const second = tab();
  const before = stream();
  second.follow(["orders"], "earliest"); // the stand-in begins at 0
  await vi.waitFor(() => expect(before?.ended && stream()?.position).toBe("orders:0"));
  for (const offset of [0, 1, 2]) push("orders", offset);
  await vi.waitFor(() => expect(second.offsets()).toEqual([0, 1, 2]));
  expect(first.offsets()).toEqual([0, 1, 2]);
});

test("messages that come with the position, in one piece, are not lost", async () => {
  FakeStream.backlog = `id: orders:1\nevent: streamer\ndata: ${JSON.stringify(envelope("orders", 0))}\n\n`;
  const one = tab();
  one.follow(["orders"], "earliest");
  await vi.waitFor(() => expect(one.offsets()).toEqual([0]));
  await live(one);
});

test("a connection that breaks is opened again at the position it had reached", async () => {
  const one = tab();
  one.follow(["orders"]);
  await live(one);
  push("orders", 0);
  await vi.waitFor(() => expect(one.offsets()).toEqual([0]));
  stream()?.break();
  await vi.waitFor(() => expect(one.state()).toEqual({ kind: "reconnecting", why: "The portal gave no answer." }));
  await live(one);
  expect(stream()?.position).toBe("orders:1");
});

test("an end that asks to come back later is obeyed, and says why", async () => {
  const one = tab();
  one.follow(["orders"]);
  await live(one);
  const before = FakeStream.opened.length;
  stream()?.say("retry: 30000\n\n: too many streams are open\n\n");
  stream()?.end();
  await vi.waitFor(() => expect(one.state()).toEqual({ kind: "reconnecting", why: "too many streams are open" }));
  expect(FakeStream.opened).toHaveLength(before);
});

test("a topic that cannot be followed is told of, and the others go on", async () => {
  serve(refuse("gone"));
  const one = tab();
  one.follow(["gone", "orders"]);
  await vi.waitFor(() => expect(one.state()).toEqual({ kind: "live", why: "no topic gone" }));
  expect(stream()?.topics).toEqual(["orders"]);
});

test("a topic that vanishes is the trouble of those only who follow it", async () => {
  const first = tab();
  const second = tab();
  first.follow(["orders"]);
  second.follow(["gone"]);
  await live(first, second);
  push("orders", 0, "gone:0;orders:1");
  await vi.waitFor(() => expect(first.offsets()).toEqual([0]));
  serve(refuse("gone"));
  hub.follow(1, first.send, ["orders", "more"], "latest"); // opens the stream anew
  await vi.waitFor(() => expect(second.state()).toEqual({ kind: "reconnecting", why: "no topic gone" }), { timeout: 4_000 });
  await live(first);
  expect(stream()?.topics).toEqual(["more", "orders"]);
  expect(stream()?.position).toBe("more:0;orders:1");
});

test("when the last subscription ends, so does the stream", async () => {
  const one = tab();
  one.follow(["orders"]);
  await live(one);
  hub.end(1, one.send);
  await vi.waitFor(() => expect(FakeStream.open()).toHaveLength(0));
});

test("gaps and skipped messages are told to those who follow the topic", async () => {
  const first = tab();
  const second = tab();
  first.follow(["orders"]);
  second.follow(["payments"]);
  await live(first, second);
  await vi.waitFor(() => expect(stream()?.topics).toHaveLength(2));
  stream()?.push("gap", { topic: "orders", partition: 0, from: 0, to: 6 }, "orders:7;payments:0");
  await vi.waitFor(() => expect(first.events).toEqual([{ kind: "gap", gap: { topic: "orders", partition: 0, from: 0, to: 6 } }]));
  expect(second.events).toEqual([]);
});

/** The stream that began there, as soon as it is open. */
const begun = (position: string) =>
  vi.waitFor(() => {
    const found = FakeStream.open().find((one) => one.position === position);
    if (!found) throw new Error(`nobody reads from ${position}`);
    return found;
  });
const catchingUp = (one: ReturnType<typeof tab>) => vi.waitFor(() => expect(one.state()).toEqual({ kind: "behind" }));

test("a tab that begins far in the past reads alone, and joins the others when it is near", async () => {
  FakeStream.end = 5_000;
  const first = tab();
  first.follow(["orders"]);
  await live(first);
  const shared = stream();
  const second = tab();
  second.follow(["orders"], "earliest");
  await catchingUp(second);
  const alone = await begun("orders:0");
  alone.push("streamer", envelope("orders", 0), "orders:1");
  await vi.waitFor(() => expect(second.offsets()).toEqual([0]));
  expect(shared?.ended).toBe(false); // the others' is left alone
  shared?.push("streamer", envelope("orders", 5_000), "orders:5001");
  await vi.waitFor(() => expect(first.offsets()).toEqual([5_000]));

  alone.push("streamer", envelope("orders", 4_500), "orders:4501");
  await live(second);
  expect(FakeStream.open()).toHaveLength(1);
  expect(stream()?.position).toBe("orders:4501");
  push("orders", 5_000);
  push("orders", 5_001);
  await vi.waitFor(() => expect(second.offsets()).toEqual([0, 4_500, 5_000, 5_001]));
  expect(first.offsets()).toEqual([5_000, 5_001]);
});

test("one that reads alone goes on where it was when its connection breaks or it follows something else", async () => {
  FakeStream.end = 5_000;
  const one = tab();
  one.follow(["orders"], "earliest");
  await catchingUp(one);
  const first = await begun("orders:0");
  first.push("streamer", envelope("orders", 0), "orders:1");
  await vi.waitFor(() => expect(one.offsets()).toEqual([0]));
  first.break();
  (await begun("orders:1")).push("streamer", envelope("orders", 1), "orders:2");
  await vi.waitFor(() => expect(one.offsets()).toEqual([0, 1]));
  one.follow(["orders", "payments"]);
  await begun("orders:2");
  expect(one.offsets()).toEqual([0, 1]);
});

test("no more than two read alone; others wait for their turn", async () => {
  FakeStream.end = 5_000;
  const three = [tab(), tab(), tab()] as const;
  for (const one of three) one.follow(["orders"], "earliest");
  await vi.waitFor(() => expect(three.map((one) => one.state()?.kind).toSorted()).toEqual(["behind", "behind", "reconnecting"]));
  expect(FakeStream.open()).toHaveLength(2);
});
