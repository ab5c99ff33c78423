// The topics' screens in a real browser, against the stack at PORTAL_URL and its real Kafka.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { PORTAL_URL, launch, newTopic, openPage } from "./browser.mjs";
import { consumed, createTopic, deleteTopic, produce, startReadOnly, startWithoutSteward, steward } from "./cluster.mjs";
import { until } from "./until.mjs";

let browser;
let page;
before(async () => {
  browser = await launch();
});
after(() => browser.close());
afterEach(() => page.context().close());

async function openAt(address, portal = PORTAL_URL) {
  page = await openPage(browser, {}, portal + address);
}
const button = (name) => page.getByRole("button", { name, exact: true });
const dialog = () => page.getByRole("dialog");
const nothingComplained = () => assert.deepEqual(page.complaints, []);
/** A topic of one's own, with messages "value 0", "value 1", ... in partition 0. */
async function topicWith(name, count, partitions = 1) {
  const topic = newTopic(name);
  await createTopic({ name: topic, partitions });
  await produce(topic, Array.from({ length: count }, (_, n) => ({ key: `key ${n}`, value: `value ${n}`, partition: 0 })));
  return topic;
}

test("a topic is created as it was described, after the broker was asked whether it would take it", async () => {
  await openAt("/topics");
  await button("Create a topic").click();
  const topic = newTopic("created");
  await page.keyboard.press("Tab"); // past "Close"
  await dialog().getByLabel("Name", { exact: true }).fill("not a topic");
  await dialog().getByText(/^A space cannot be/).waitFor();
  await dialog().getByLabel("Name", { exact: true }).fill(topic);
  await dialog().getByLabel("Partitions").fill("3");
  await dialog().getByLabel("Retention").fill("2 d");
  await dialog().getByLabel("Further settings").fill("no.such.setting=1");
  await dialog().getByText(/no\.such\.setting/).last().waitFor();
  await dialog().getByLabel("Further settings").fill("max.message.bytes=5000");
  await dialog().getByText("The broker would take it.").waitFor();
  await button("Create").click();
  await page.waitForURL(`**/topics/${topic}`);
  const { partitions } = await steward(`/topics/${topic}`);
  assert.equal(partitions.length, 3);
  const { settings } = await steward(`/topics/${topic}/settings`);
  assert.equal(settings.find(({ name }) => name === "retention.ms").value, "172800000");
  assert.equal(settings.find(({ name }) => name === "max.message.bytes").value, "5000");
  await page.goto(`${PORTAL_URL}/topics?filter=${topic}`);
  await page.getByRole("link", { name: topic }).waitFor();
});

test("the live tail shows what is written from now on", async () => {
  const topic = await topicWith("tail", 2);
  await until("the consumer has read them", () => consumed(topic), (count) => count === 2);
  await openAt(`/topics/${topic}?tab=tail`);
  await page.getByText("Live", { exact: true }).waitFor();
  await produce(topic, [{ key: "k", value: "written just now" }]);
  await page.getByRole("button", { name: /written just now/ }).waitFor();
  assert.equal(await page.getByRole("button", { name: /value 1/ }).count(), 0);
  nothingComplained();
});

test("browsing begins at the newest, turns pages both ways and comes back by its address", async () => {
  const topic = await topicWith("browse", 120, 2);
  await openAt(`/topics/${topic}?tab=browse`);
  const rows = page.getByRole("list", { name: "Messages, newest first" }).getByRole("button", { name: /value/ });
  const shows = (value) => rows.first().filter({ hasText: value }).waitFor();
  await shows("value 119");
  assert.equal(await rows.count(), 50);
  await button("Older").click();
  await shows("value 69");
  const address = page.url();
  await button("Older").click();
  await shows("value 19");
  assert.equal(await rows.count(), 20);
  await button("Newer").click();
  await shows("value 69");
  await page.goto(address);
  await shows("value 69");
  nothingComplained();
});

test("browsing goes to an offset, to a time, and to the oldest", async () => {
  const topic = await topicWith("places", 30, 2);
  const [first] = (await steward(`/topics/${topic}/messages?from=beginning&limit=1`)).messages;
  await openAt(`/topics/${topic}?tab=browse&partition=0&from=offset&at=10`);
  const rows = page.getByRole("list", { name: "Messages, newest first" }).getByRole("button", { name: /value/ });
  await rows.last().filter({ hasText: "value 10" }).waitFor();
  await page.getByLabel("From").selectOption("The oldest");
  await button("Show").click();
  await rows.last().filter({ hasText: "value 0" }).waitFor();
  await page.goto(`${PORTAL_URL}/topics/${topic}?tab=browse&from=time&at=${first.timestamp_ms + 3_600_000}`);
  await page.getByText("No messages here").waitFor();
  nothingComplained();
});

test("a long value is cut, says so, and is shown whole when one asks", async () => {
  const topic = newTopic("long");
  await createTopic({ name: topic });
  await produce(topic, [{ key: "long", value: `${"x".repeat(100_000)} the end` }]);
  await openAt(`/topics/${topic}?tab=browse`);
  await page.getByRole("button", { name: /long/ }).last().click();
  await page.getByText(/In all it has 100\.0 kB/).waitFor();
  await button("Show all of it").click();
  await page.getByText(/the end$/).waitFor();
  nothingComplained();
});

test("a setting is changed, and put back to the default", async () => {
  const topic = await topicWith("settings", 0);
  const retention = async () => (await steward(`/topics/${topic}/settings`)).settings.find(({ name }) => name === "retention.ms");
  const { value } = await retention();
  await openAt(`/topics/${topic}?tab=settings`);
  await button("Change retention.ms").click();
  await page.getByLabel("New value of retention.ms").fill("a week");
  await page.getByRole("alert").waitFor();
  assert.equal((await retention()).value, value);
  await page.getByLabel("New value of retention.ms").fill("3600000");
  await button("Save").click();
  await page.getByRole("cell", { name: "this topic", exact: true }).waitFor();
  assert.equal((await retention()).value, "3600000");
  assert.match(await page.getByRole("row").nth(1).innerText(), /retention\.ms/);
  await button("Change retention.ms").click();
  await button("Put retention.ms back to the default").click();
  await page.getByRole("list", { name: "What would change" }).getByText(/^retention\.ms from 3600000 \(1 h\) to /).waitFor();
  assert.equal((await retention()).value, "3600000");
  await button("Save").click();
  await page.getByRole("cell", { name: "this topic", exact: true }).waitFor({ state: "detached" });
  assert.equal((await retention()).value, value);
});

test("partitions are added", async () => {
  const topic = await topicWith("partitions", 0);
  await openAt(`/topics/${topic}`);
  await button("Add partitions").click();
  await dialog().getByLabel("Partitions in all").fill("4");
  await button("Add").click();
  await dialog().waitFor({ state: "detached" });
  await page.getByRole("tab", { name: "Partitions 4" }).waitFor();
  nothingComplained();
});

test("a topic is emptied and deleted only when its name was typed", async () => {
  const topic = await topicWith("guarded", 5);
  await openAt(`/topics/${topic}`);
  await button("Empty").click();
  await dialog().getByLabel("Type the name to go on").press("Enter");
  await dialog().getByLabel("Type the name to go on").fill(topic);
  assert.equal((await steward(`/topics/${topic}`)).partitions[0].messages, 5);
  await button("Delete the messages").click();
  await dialog().waitFor({ state: "detached" });
  assert.equal((await steward(`/topics/${topic}`)).partitions[0].messages, 0);

  await button("Delete").click();
  await dialog().getByLabel("Type the name to go on").fill(topic.slice(0, -1));
  await page.keyboard.press("Enter");
  await dialog().getByLabel("Type the name to go on").fill(topic);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/topics");
  await until("it is gone", () => steward("/topics"), ({ topics }) => topics.every(({ name }) => name !== topic));
});

test("a read-only steward's changes are not offered, and refused where one asks all the same", async () => {
  const topic = await topicWith("readonly", 1);
  const readOnly = await startReadOnly();
  try {
    await openAt(`/topics/${topic}?tab=settings`, readOnly.url);
    await page.getByText("read-only").waitFor();
    await page.getByRole("cell", { name: "retention.ms", exact: true }).waitFor();
    for (const name of ["Add partitions", "Empty", "Delete", "Change retention.ms"]) assert.equal(await button(name).count(), 0);
    await page.goto(`${readOnly.url}/topics?filter=${topic}`);
    await page.getByRole("link", { name: topic }).waitFor();
    assert.equal(await button("Create a topic").count(), 0);
    const refused = await fetch(`${readOnly.url}/api/steward/topics/${topic}`, { method: "DELETE" });
    assert.equal(refused.status, 403);
    assert.match((await refused.json()).detail, /READ_ONLY/);
  } finally {
    await readOnly.stop();
  }
});

test("without a steward the screen says so, and how to start it", async () => {
  const portal = await startWithoutSteward();
  try {
    await openAt("/topics", portal.url);
    await page.getByText("The steward is not there").waitFor();
    await page.getByText("make up", { exact: true }).waitFor();
  } finally {
    await portal.stop();
  }
});

test("the keyboard walks from the list into a topic and through its tabs", async () => {
  const topic = await topicWith("keyboard", 1);
  await openAt(`/topics?filter=${topic}`);
  await page.getByRole("link", { name: topic }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: /Partitions/ }).focus();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("tab", { name: "Browse", selected: true }).waitFor();
  assert.match(page.url(), /tab=browse/);
  await page.getByRole("button", { name: /value 0/ }).waitFor();
  nothingComplained();
  await deleteTopic(topic);
});
