// Several tabs of one browser: one live stream for all of them, which heals when the wire is cut.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { PORTAL_URL, launch, liveLog, newTopic, openTab, scriptTroubles } from "./browser.mjs";
import { openProxy } from "./proxy.mjs";
import { until } from "./until.mjs";

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

async function write(topic, values) {
  const response = await fetch(`${PORTAL_URL}/api/producer/records/${topic}`, {
    method: "POST",
    headers: { "Content-Type": "application/x-ndjson" },
    body: values.map((value) => JSON.stringify({ value })).join("\n"),
  });
  assert.equal(response.status, 200);
  const outcomes = (await response.text()).trim().split("\n").map((line) => JSON.parse(line));
  assert.ok(outcomes.every(({ error }) => !error));
  return outcomes.at(-1).id;
}

/** A topic that the consumer has read from: only such a topic can be followed. */
async function topicThatIsRead(name) {
  const topic = newTopic(name);
  const id = await write(topic, ["the first"]);
  const receipt = await fetch(`${PORTAL_URL}/api/consumer/status/${id}?wait=consumed&timeout_ms=20000`);
  assert.equal(receipt.status, 200);
  return topic;
}

const openTabs = (count) => Promise.all(Array.from({ length: count }, () => openTab(context, proxy.url)));
const follow = (page, topic) => liveLog(page).getByRole("combobox", { name: "Add a topic to follow" }).fill(topic).then(() => page.keyboard.press("Enter"));
const isLive = (page) => liveLog(page).getByRole("status").getByText("Live", { exact: true }).waitFor();
const shows = (page, text) => liveLog(page).getByText(text, { exact: true }).waitFor();

test("three tabs at once share one stream, and each shows every message", async () => {
  const topic = await topicThatIsRead("tabs");
  const tabs = await openTabs(3);
  await follow(tabs[0], topic); // what a browser follows, all its tabs follow
  await Promise.all(tabs.map(isLive));
  await until("one stream is open", () => proxy.streams(), (open) => open === 1);
  await write(topic, ["one", "two", "three"]);
  await Promise.all(tabs.map((page) => shows(page, "3 received")));
  assert.equal(proxy.streams(), 1);

  await tabs[0].close();
  await write(topic, ["four"]);
  await Promise.all(tabs.slice(1).map((page) => shows(page, "4 received")));
  assert.deepEqual(tabs.slice(1).flatMap(scriptTroubles), []);
});

test("a connection that breaks heals by itself, without a loss and without a repeat", async () => {
  const topic = await topicThatIsRead("heal");
  const [page] = await openTabs(1);
  await follow(page, topic);
  await isLive(page);
  await write(topic, ["before"]);
  await shows(page, "1 received");
  proxy.cut();
  await write(topic, ["while it was cut", "and once more"]);
  await shows(page, "3 received");
  await isLive(page);
  await write(topic, ["after"]);
  await shows(page, "4 received");
});

test("a tab that comes later follows from then on, beside one that follows something else", async () => {
  const [first, second] = await Promise.all([topicThatIsRead("first"), topicThatIsRead("second")]);
  const [one, two] = await openTabs(2);
  await follow(one, first);
  await Promise.all([one, two].map(isLive));
  await write(first, ["a"]);
  await Promise.all([one, two].map((page) => shows(page, "1 received")));
  await follow(two, second);
  await liveLog(two).getByText(new RegExp(`Following .*${second}`)).waitFor();
  await Promise.all([one, two].map(isLive));
  await until("one stream is open", () => proxy.streams(), (open) => open === 1);
  await write(first, ["b"]);
  await Promise.all([one, two].map((page) => shows(page, "2 received")));
});
