// How the screens of topics and groups look and whom they let in, dark and light, narrow and very wide.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { launch, newTopic, openPage } from "./browser.mjs";
import { createTopic, leaveGroup, produce } from "./cluster.mjs";
import { LOOKS, looksRight } from "./looks.mjs";

const topic = newTopic("looks");
const group = `looks-${topic}`;

let browser;
let page;
before(async () => {
  browser = await launch();
  await createTopic({ name: topic, partitions: 3, settings: { "retention.ms": "3600000" } });
  await produce(topic, [{ key: "k".repeat(200), value: JSON.stringify({ long: "x".repeat(2_000) }) }]);
  await leaveGroup(group, topic);
});
after(() => browser.close());
afterEach(() => page.context().close());

/** Where to look, and what brings it about. */
const LOOKS_AT = [
  [`/topics?filter=${topic}`, () => page.getByRole("link", { name: topic }).waitFor()],
  [`/topics/${topic}`, () => page.getByRole("region", { name: `Partitions of ${topic}` }).waitFor()],
  [`/topics/${topic}?tab=settings`, () => page.getByRole("button", { name: "Change retention.ms", exact: true }).click()],
  [`/topics/${topic}?tab=browse`, () => page.getByRole("button", { name: /kkk/ }).click()],
  ["/topics", () => page.getByRole("button", { name: "Create a topic" }).click()],
  [`/groups?filter=${group}`, () => page.getByRole("link", { name: group }).waitFor()],
  [`/groups/${group}`, () => page.getByRole("slider").waitFor()],
];

for (const [address, shown] of LOOKS_AT) {
  test(`${address}: nothing is cut off at 390 and 2560 px, axe finds nothing, dark and light`, async () => {
    page = await openPage(browser, LOOKS, address);
    await shown();
    await looksRight(page, [390, 2560]);
    assert.deepEqual(page.complaints, []);
  });
}
