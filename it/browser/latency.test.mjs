// The latency of one topic, how it is drawn, and the services in the header.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { PORTAL_URL, launch, newTopic, openPage, openTab } from "./browser.mjs";
import { startWithoutSteward } from "./cluster.mjs";

let browser;
let page;
before(async () => {
  browser = await launch();
});
after(() => browser.close());
afterEach(() => page.context().close());

const panel = () => page.getByRole("region", { name: "Latency", exact: true });
const services = () => page.getByRole("list", { name: "Services" });

/** One message, until it is consumed. */
async function sendAndWait(topic) {
  const { id } = await (await fetch(`${PORTAL_URL}/api/producer/produce/${topic}`, { method: "POST", body: "hello" })).json();
  const receipt = await fetch(`${PORTAL_URL}/api/consumer/status/${id}?wait=consumed&timeout_ms=20000`);
  assert.equal(receipt.status, 200);
}

test("the latency of one topic is shown by its address, on either scale", async () => {
  const topic = newTopic("slow");
  for (let n = 0; n < 12; n++) await sendAndWait(topic);
  page = await openPage(browser);
  await page.goto(`${PORTAL_URL}/health`);
  await panel().getByRole("combobox", { name: "Topic" }).fill(topic);
  await panel().getByRole("combobox", { name: "Topic" }).press("Enter"); // the page may not know the new topic's name yet
  await panel().getByText("12", { exact: true }).first().waitFor();
  await panel().getByText(`stored none, of ${topic}.`).waitFor();
  await panel().getByRole("combobox", { name: "Scale" }).selectOption("logarithmic");
  const { searchParams } = new URL(page.url());
  assert.deepEqual([searchParams.get("topic"), searchParams.get("scale")], [topic, "logarithmic"]);
  await page.reload();
  await panel().getByText(`stored none, of ${topic}.`).waitFor();
  assert.equal(await panel().getByRole("combobox", { name: "Scale" }).inputValue(), "logarithmic");
  await panel().getByRole("combobox", { name: "Topic" }).fill("");
  await panel().getByText("stored none, of all topics together.").waitFor();
  assert.equal(new URL(page.url()).searchParams.get("topic"), null);
  assert.deepEqual(page.complaints, []);
});

test("the header shows the steward, and says of one that is not there that it is not", async () => {
  page = await openPage(browser);
  await services().getByText("steward: ready").waitFor();
  const portal = await startWithoutSteward();
  try {
    page = await openTab(page.context(), portal.url);
    await services().getByText("steward: not there").waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
  } finally {
    await portal.stop();
  }
});
