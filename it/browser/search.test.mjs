// Messages searched for by keys of any kind and by time; how a value is shown goes along with the links.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { PORTAL_URL, launch, newTopic, openPage } from "./browser.mjs";

let browser;
let page;
before(async () => {
  browser = await launch();
});
after(() => browser.close());
afterEach(() => page.context().close());

const found = () => page.getByRole("region", { name: "Messages found" });
const form = () => page.getByRole("form", { name: "Search messages" });
const value = () => page.getByRole("region", { name: "Value" });
const search = () => form().getByRole("button", { name: "Search" }).click();

/** Writes records and waits until the consumer has them. */
async function written(topic, records) {
  const response = await fetch(`${PORTAL_URL}/api/producer/records/${topic}`, {
    method: "POST",
    headers: { "Content-Type": "application/x-ndjson" },
    body: records.map((record) => JSON.stringify(record)).join("\n"),
  });
  for (const line of (await response.text()).trim().split("\n")) {
    const receipt = await fetch(`${PORTAL_URL}/api/consumer/status/${JSON.parse(line).id}?wait=consumed&timeout_ms=20000`);
    assert.equal(receipt.status, 200);
  }
}

test("an empty key, and keys given as hex and base64, are found", async () => {
  const topic = newTopic("keys");
  await written(topic, [{ key: "", value: "empty" }, { key: null, value: "none" }, { key_base64: "AP8=", value: "bytes" }]);
  page = await openPage(browser, {}, `${PORTAL_URL}/messages?topic=${topic}`);
  await found().getByText("3 messages", { exact: true }).waitFor();
  await form().getByRole("radio", { name: "empty key" }).check();
  await search();
  await found().getByText("1 message", { exact: true }).waitFor();
  await found().getByText("empty key").waitFor();
  for (const [written, how] of [["00 fF", "hex"], ["AP8=", "base64"]]) {
    await form().getByLabel("Key", { exact: true }).fill(written);
    await form().getByRole("radio", { name: how }).check();
    await search();
    await found().getByText("base64 AP8=").waitFor();
    await found().getByText("1 message", { exact: true }).waitFor();
    await page.reload();
    await found().getByText("base64 AP8=").waitFor();
  }
  await form().getByLabel("Key", { exact: true }).fill("AP8");
  await search();
  await form().getByText("This is not base64.").waitFor();
  assert.deepEqual(page.complaints, []);
});

test("messages until a time are found without those after it", async () => {
  const topic = newTopic("until");
  await written(topic, [{ value: "now" }]);
  const at = (ms) => new Date(ms).toISOString();
  page = await openPage(browser, {}, `${PORTAL_URL}/messages?topic=${topic}&until=${at(Date.now() - 60_000)}`);
  await found().getByText("No message fits").waitFor();
  await form().getByLabel("Until").fill("2037-01-01T00:00:00");
  await form().getByLabel("Since").fill("2001-01-01T00:00:00");
  await search();
  await found().getByText("1 message", { exact: true }).waitFor();
  const { searchParams } = new URL(page.url());
  assert.ok(searchParams.get("since") < searchParams.get("until"));
});

test("how a value is shown is in the address, and goes along to the next message", async () => {
  const topic = newTopic("view");
  await written(topic, [{ key: "one", value: { order: 1 } }, { key: "two", value: { order: 2 } }]);
  page = await openPage(browser, {}, `${PORTAL_URL}/messages?topic=${topic}`);
  await found().getByRole("link", { name: /one/ }).click();
  await value().getByRole("radio", { name: "Hex" }).check({ force: true });
  await value().getByText(/7b 22/).waitFor();
  await found().getByRole("link", { name: /two/ }).click();
  await value().getByText(/32 7d/).waitFor();
  await page.reload();
  await value().getByText(/32 7d/).waitFor();
  assert.equal(new URL(page.url()).searchParams.get("view"), "hex");
});

test("a topic whose name looks like a file's is shown again after a reload", async () => {
  const topic = `${newTopic("named")}.js`;
  await written(topic, [{ value: "here" }]);
  page = await openPage(browser, {}, `${PORTAL_URL}/topics/${topic}`);
  await page.getByRole("region", { name: `Partitions of ${topic}` }).waitFor();
  await page.goto(`${PORTAL_URL}/messages/${topic}/0/0`);
  await page.getByRole("region", { name: "Journey" }).waitFor();
});
