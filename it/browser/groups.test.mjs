// The groups' screens in a real browser, with groups that Kafka's own consumer made.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { PORTAL_URL, launch, newTopic, openPage } from "./browser.mjs";
import { createTopic, leaveGroup, produce, startConsumer, startReadOnly, steward } from "./cluster.mjs";

let browser;
let page;
/** A group that has read 20 messages of a topic with 2 partitions, and has no members. */
let group;
let topic;
before(async () => {
  browser = await launch();
  topic = newTopic("grouped");
  group = `group of ${topic}/%`; // any text may be a group's name
  await createTopic({ name: topic, partitions: 2 });
  await produce(topic, Array.from({ length: 20 }, (_, n) => ({ value: `value ${n}`, partition: n % 2 })));
  await leaveGroup(group, topic);
});
after(() => browser.close());
afterEach(() => page.context().close());

const address = () => `/groups/${encodeURIComponent(group)}`;
const offsets = async () => (await steward(address())).offsets.map(({ committed }) => committed);
async function openAt(path, portal = PORTAL_URL) {
  page = await openPage(browser, {}, portal + path);
}
const button = (name) => page.getByRole("button", { name, exact: true });
const dialog = () => page.getByRole("dialog");
const preview = () => dialog().getByRole("region", { name: "What would change" });

test("the list leads to a group, its lag over time and in each partition", async () => {
  await openAt(`/groups?filter=${encodeURIComponent(topic)}`);
  await page.getByRole("link", { name: group }).click();
  const rows = page.getByRole("region", { name: `Offsets of ${group}` }).getByRole("row");
  await rows.nth(2).waitFor();
  assert.match(await rows.nth(1).innerText(), /0\s+10\s+10\s+0\s+nobody/);
  const chart = page.getByRole("slider", { name: `Lag of ${group}, at` });
  await chart.focus();
  await page.keyboard.press("ArrowLeft");
  assert.match(await chart.getAttribute("aria-valuetext"), new RegExp(`^\\d\\d:\\d\\d:\\d\\d: ${topic}/0 (\\d+|unknown)`));
  assert.deepEqual(page.complaints, []);
});

test("a reset by a shift shows what would change, wants the name, and changes just that", async () => {
  await openAt(address());
  await button("Reset offsets").click();
  await dialog().getByLabel("Topic", { exact: true }).selectOption(topic);
  await dialog().getByLabel("Partition", { exact: true }).selectOption("1");
  await dialog().getByLabel("Where to").selectOption("By so many messages");
  await dialog().getByLabel("Messages").fill("-3");
  await preview().getByText("3 again").waitFor();
  assert.equal(await preview().getByRole("row").count(), 2);
  assert.deepEqual(await offsets(), [10, 10]);
  await dialog().getByLabel(/^Type the group's name/).fill(group);
  await button("Reset 1 offset").click();
  await dialog().waitFor({ state: "detached" });
  assert.deepEqual(await offsets(), [10, 7]);
});

test("a reset beyond the log's edge says that it stops there", async () => {
  await openAt(address());
  await button("Reset offsets").click();
  await dialog().getByLabel("Where to").selectOption("By so many messages");
  await dialog().getByLabel("Messages").fill("-1000");
  await preview().getByText("edge").first().waitFor();
  await dialog().getByLabel("Where to").selectOption("To a time");
  await dialog().getByLabel("Time").fill("2020-01-01T00:00:00");
  await preview().getByText("10 again").waitFor();
  await dialog().getByLabel("Where to").selectOption("To the end");
  await preview().getByText("3 skipped").waitFor();
  await page.keyboard.press("Escape");
  await dialog().waitFor({ state: "detached" });
});

test("of a group with members they are shown, and a reset is refused before anything is typed", async () => {
  const busy = `busy-${topic}`;
  const stop = await startConsumer(busy, topic);
  try {
    await openAt(`/groups/${busy}?tab=members`);
    await page.getByText(`${topic} 0, 1`).waitFor();
    await button("Reset offsets").click();
    await dialog().getByRole("alert").waitFor();
    assert.equal(await dialog().getByRole("button", { name: /^Reset/ }).getAttribute("aria-disabled"), "true");
  } finally {
    await stop();
  }
});

test("a read-only steward's changes are not offered, and refused where one asks all the same", async () => {
  const readOnly = await startReadOnly();
  try {
    await openAt(address(), readOnly.url);
    await page.getByText("read-only").waitFor();
    for (const name of ["Reset offsets", "Unsubscribe", "Delete"]) assert.equal(await button(name).count(), 0);
    const refused = await fetch(`${readOnly.url}/api/steward${address()}`, { method: "DELETE" });
    assert.equal(refused.status, 403);
  } finally {
    await readOnly.stop();
  }
});

test("unsubscribing shows what is forgotten; deleting takes the group away", async () => {
  const other = `leaving-${topic}`;
  await leaveGroup(other, topic);
  await openAt(`/groups/${other}`);
  await button("Unsubscribe").click();
  await preview().getByText("forgotten").first().waitFor();
  await dialog().getByLabel("Type the name to go on").fill(other);
  await button("Forget the offsets").click();
  await dialog().waitFor({ state: "detached" });

  await page.goto(PORTAL_URL + address());
  await button("Delete").click();
  await preview().getByText("forgotten").first().waitFor();
  await dialog().getByLabel("Type the name to go on").fill(group);
  await button("Delete the group").click();
  await page.waitForURL("**/groups");
  await assert.rejects(steward(address()), /no group/);
});
