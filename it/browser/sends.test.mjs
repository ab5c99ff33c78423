// One's own sends on the first screen: bursts among them, numbered messages, the topics one can choose from.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { history, launch, liveLog, newTopic, openPage, openTab, topicField } from "./browser.mjs";
import { createTopic, startWithoutSteward } from "./cluster.mjs";

let browser;
let page;
before(async () => {
  browser = await launch();
});
after(() => browser.close());
afterEach(() => page.context().close());

const burstPanel = () => page.getByRole("region", { name: "Burst" });
const form = () => page.getByRole("form", { name: "Send a message" });

async function burst(topic, messages) {
  await topicField(page).fill(topic);
  await page.getByRole("button", { name: "Burst", exact: true }).click();
  await page.getByRole("textbox", { name: "Messages" }).fill(String(messages));
  await page.getByRole("button", { name: "Start the burst" }).click();
  await burstPanel().getByText("Done: all that were sent have been read.").waitFor();
}

test("a burst's messages carry their number, show in the log by themselves, and it stays among one's sends", async () => {
  page = await openPage(browser);
  const topic = newTopic("numbered");
  await form().getByLabel("Key", { exact: true }).fill("customer-{n}");
  await form().getByRole("radio", { name: "JSON" }).check();
  await form().getByRole("textbox", { name: "Message" }).fill('{"order":{n}}');
  await burst(topic, 5);
  await liveLog(page).getByText("5 received").waitFor();
  await liveLog(page).getByText('{"order":5}').waitFor();
  await liveLog(page).getByText("customer-5", { exact: true }).waitFor();
  await liveLog(page).getByRole("button", { name: "Download 5 messages" }).waitFor();

  await page.reload();
  const entry = history(page).getByRole("button", { name: new RegExp(`${topic} burst of 5 .*5 of 5 consumed`) });
  await entry.click();
  await burstPanel().getByText(`5 to ${topic}`).waitFor();
  await burstPanel().getByRole("region", { name: "Accepted to consumed", exact: true }).getByText(/^p50 /).waitFor();
  await burstPanel().getByRole("button", { name: "Close the burst" }).click();
  await burstPanel().waitFor({ state: "detached" });
  assert.deepEqual(page.complaints, []);
});

test("a topic that nobody has read from yet can be chosen", async () => {
  const topic = newTopic("unread");
  await createTopic({ name: topic, partitions: 1, replication: 1 });
  page = await openPage(browser);
  await topicField(page).fill(topic.slice(0, -1));
  await page.getByRole("option", { name: topic }).waitFor();
});

test("without a steward no screen complains in the console, and a message can be sent", async () => {
  const portal = await startWithoutSteward();
  try {
    page = await openTab(await browser.newContext(), portal.url);
    await burst(newTopic("alone"), 3);
    for (const path of ["/topics", "/groups", "/health"]) {
      await page.goto(`${portal.url}${path}`);
      await page.getByText("The steward is not there").first().waitFor();
    }
    assert.deepEqual(page.complaints, []);
  } finally {
    await portal.stop();
  }
});
