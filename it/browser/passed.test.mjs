// Which other consumer groups have passed a message: with groups of Kafka's own consumer.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, newTopic, openPage, roundtrip } from "./browser.mjs";
import { createTopic, leaveGroup, produce, startConsumer, steward } from "./cluster.mjs";
import { until } from "./until.mjs";

const topic = newTopic("passed");
const reading = `reading-${topic}`;
const away = `away-${topic}`;

let browser;
let stopReading;
before(async () => {
  browser = await launch();
  await createTopic({ name: topic, partitions: 1 });
  await produce(topic, [{ value: "read by both" }]);
  [stopReading] = await Promise.all([startConsumer(reading, topic), leaveGroup(away, topic)]);
});
after(async () => {
  await stopReading?.();
  await browser.close();
});

const passed = async (offset) => (await steward(`/passed?topic=${topic}&partition=0&offset=${offset}`)).groups;

test("a message's journey shows which other groups have passed it, between which times, and who has not", async () => {
  await until("the steward has seen both groups", () => passed(0), (groups) => groups.length === 2 && groups.every((group) => group.passed));
  const page = await openPage(browser);
  const id = await roundtrip(page, { topic, message: "read by one" });
  const row = (group) => page.getByRole("region", { name: "Passed by other groups" }).getByRole("listitem").filter({ hasText: group });
  await row(reading).getByText(/^passed (between|before) /).waitFor();
  await row(away).getByText(/^not yet/).waitFor();
  const known = (await passed(1)).find(({ group }) => group === reading);
  const seconds = (ms) => new Date(ms).toTimeString().slice(0, 8);
  assert.match(await row(reading).innerText(), new RegExp(`${seconds(known.passed_seen_ms)}\\.\\d{3}$`));

  const stopAway = await startConsumer(away, topic); // comes back, and reads what it has missed
  try {
    await row(away).getByText(/^passed between /).waitFor();
  } finally {
    await stopAway();
  }
  await page.goto(new URL(`/messages/${id}`, page.url()).href);
  await row(away).getByText(/^passed between /).waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
