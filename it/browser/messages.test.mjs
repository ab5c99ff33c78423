// The messages' screen against the real stack: from a search to a message, its journey and what it says.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { PORTAL_URL, isDone, launch, newTopic, openPage, roundtrip, scriptTroubles } from "./browser.mjs";
import { LOOKS, looksRight } from "./looks.mjs";
import { until } from "./until.mjs";

let browser;
let page;
before(async () => {
  browser = await launch();
});
after(() => browser.close());
afterEach(() => page.context().close());

const found = () => page.getByRole("region", { name: "Messages found" });
const content = () => page.getByRole("region", { name: "Message", exact: true });
const value = () => content().getByRole("region", { name: "Value" });

/** Sends one message from the first screen and waits until it was read; its id. */
async function sent(options, what) {
  page = await openPage(browser, options);
  return roundtrip(page, what);
}

test("a message is found by topic and key, and shown with its journey, headers and value", async () => {
  const topic = newTopic("search");
  const message = JSON.stringify({ order: 1042, items: ["lamp"] });
  await sent({}, { topic, key: "customer 9/ü", message });
  await page.getByRole("navigation", { name: "Screens" }).getByRole("link", { name: "Messages" }).click();
  const form = page.getByRole("form", { name: "Search messages" });
  await form.getByRole("combobox", { name: "Topic" }).fill(topic);
  await form.getByLabel("Key", { exact: true }).fill("customer 9/ü");
  await form.getByRole("button", { name: "Search" }).click();
  await found().getByText("1 message", { exact: true }).waitFor();
  await found().getByRole("link", { name: /customer 9\/ü/ }).click();

  await page.getByText("Done", { exact: true }).waitFor();
  assert.equal(await page.getByRole("list", { name: "Stages" }).getByRole("listitem").count(), 3);
  await content().getByText("content-type").waitFor();
  await value().getByText("1042").waitFor();
  await value().getByText("Text", { exact: true }).click();
  await value().getByText(message).waitFor();
  await value().getByText("Hex", { exact: true }).click();
  await value().getByText(/00000000 {2}7b 22 6f 72/).waitFor();

  // The address is all another browser needs.
  const address = page.url();
  const other = await openPage(browser, {}, address);
  await other.getByText("Done", { exact: true }).waitFor();
  await other.getByRole("region", { name: "Messages found" }).getByRole("link", { name: /customer 9\/ü/ }).waitFor();
  await other.context().close();
  assert.deepEqual(scriptTroubles(page), []);
});

test("produce again opens the first screen filled in, and one press sends it", async () => {
  const topic = newTopic("again");
  await sent({}, { topic, key: "k", message: "once more, please" });
  await page.goto(`${PORTAL_URL}/messages?topic=${topic}`);
  await found().getByRole("link").first().click();
  await content().getByRole("button", { name: "Produce again" }).click();
  await page.waitForURL(`${PORTAL_URL}/`);
  const message = page.getByRole("textbox", { name: "Message" });
  await until("the message is filled in", () => message.inputValue(), (value) => value === "once more, please");
  await page.getByRole("button", { name: "DoIt" }).click();
  await isDone(page).getByText("Done", { exact: true }).waitFor();
  await page.goto(`${PORTAL_URL}/messages?topic=${topic}`);
  await found().getByText("2 messages", { exact: true }).waitFor();
});

test("a message of another program is shown by its place", async () => {
  const topic = newTopic("place");
  await sent({}, { topic, message: "here" });
  const { receipts } = await (await fetch(`${PORTAL_URL}/api/consumer/receipts?topic=${topic}`)).json();
  const [{ partition, offset }] = receipts;
  await page.goto(`${PORTAL_URL}/messages/${topic}/${partition}/${offset}`);
  await page.getByText("Done", { exact: true }).waitFor();
  await value().getByText("here").waitFor();
});

test("nothing hangs over at 390 and 1440 px, axe finds nothing, dark and light", async () => {
  const topic = newTopic("axe");
  await sent(LOOKS, { topic, key: "k".repeat(200), message: JSON.stringify({ a: "x".repeat(500), b: [1, { c: null }] }) });
  await page.goto(`${PORTAL_URL}/messages?topic=${topic}`);
  await found().getByRole("link").first().click();
  await looksRight(page, [390, 1440], () => value().getByText("members").first().waitFor());
});
