// A tab that begins far in the past beside one that follows what is new, and tabs of a browser without SharedWorker.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { PORTAL_URL, launch, liveLog, newTopic, openTab, scriptTroubles } from "./browser.mjs";
import { openProxy } from "./proxy.mjs";
import { until } from "./until.mjs";

const PAST = 20_000;

let browser;
let context;
let proxy;
before(async () => {
  browser = await launch();
});
after(() => browser.close());
beforeEach(async () => {
  proxy = await openProxy();
  context = await browser.newContext();
});
afterEach(async () => {
  await context.close();
  proxy.close();
});

/** Writes records; the last one's id. */
async function write(topic, count, value = "old") {
  const response = await fetch(`${PORTAL_URL}/api/producer/records/${topic}`, {
    method: "POST",
    headers: { "Content-Type": "application/x-ndjson" },
    body: `${JSON.stringify({ value })}\n`.repeat(count),
  });
  assert.equal(response.status, 200);
  return JSON.parse((await response.text()).trim().split("\n").at(-1)).id;
}

/** A topic with so many messages, all of which were read. */
async function topicWith(count) {
  const topic = newTopic("past");
  await write(topic, count);
  await until(`${count} of ${topic} are read`, async () => {
    const { by_topic } = await (await fetch(`${PORTAL_URL}/api/consumer/status`)).json();
    return by_topic.find((one) => one.topic === topic)?.n_consumed;
  }, (read) => read === count);
  return topic;
}

const isLive = (page) => page.getByRole("status").getByText("Live", { exact: true }).waitFor();
const streamsAre = (count) => until(`${count} streams are open`, () => proxy.streams(), (open) => open === count);

test("a tab that begins at the beginning reads alone, and then shares the others' stream", async () => {
  const topic = await topicWith(PAST);
  const tail = await openTab(context, `${proxy.url}/topics/${topic}?tab=tail`);
  await isLive(tail);
  await streamsAre(1);

  const page = await openTab(context, proxy.url);
  await liveLog(page).getByRole("combobox", { name: "Where the added topic begins" }).selectOption("from the beginning");
  await liveLog(page).getByRole("combobox", { name: "Add a topic to follow" }).fill(topic);
  await page.keyboard.press("Enter");
  await write(topic, 1, "new");
  await tail.getByText("1 received", { exact: true }).waitFor();
  await liveLog(page).getByText(`the newest 500 of ${(PAST + 1).toLocaleString("en-US")}`).waitFor();
  await isLive(page);
  await streamsAre(1);
  await write(topic, 1, "newer");
  await tail.getByText("2 received", { exact: true }).waitFor();
  await liveLog(page).getByText(`the newest 500 of ${(PAST + 2).toLocaleString("en-US")}`).waitFor();
  assert.deepEqual([tail, page].flatMap(scriptTroubles), []);
});

test("without SharedWorker each tab has a stream of its own, which heals like the shared one", async () => {
  await context.addInitScript(() => delete window.SharedWorker);
  const topic = await topicWith(1);
  const tabs = await Promise.all([1, 2].map(() => openTab(context, `${proxy.url}/topics/${topic}?tab=tail`)));
  assert.deepEqual(await Promise.all(tabs.map((page) => page.evaluate(() => typeof SharedWorker))), ["undefined", "undefined"]);
  await Promise.all(tabs.map(isLive));
  await streamsAre(2);
  await write(topic, 1);
  await Promise.all(tabs.map((page) => page.getByText("1 received", { exact: true }).waitFor()));
  proxy.cut();
  await write(topic, 2);
  await Promise.all(tabs.map((page) => page.getByText("3 received", { exact: true }).waitFor()));
  await tabs[0].close();
  await streamsAre(1);
  await write(topic, 1);
  await tabs[1].getByText("4 received", { exact: true }).waitFor();
  assert.deepEqual(scriptTroubles(tabs[1]), []);
});
