// How the screens of topics and groups look and whom they let in, dark and light, narrow and very wide.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, afterEach, before, test } from "node:test";
import { PORTAL_URL, launch, newTopic, openPage } from "./browser.mjs";
import { createTopic, produce } from "./cluster.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

let browser;
let page;
let topic;
before(async () => {
  browser = await launch();
  topic = newTopic("looks");
  await createTopic({ name: topic, partitions: 3, settings: { "retention.ms": "3600000" } });
  await produce(topic, [{ key: "k".repeat(200), value: JSON.stringify({ long: "x".repeat(2_000) }) }]);
});
after(() => browser.close());
afterEach(() => page.context().close());

/** Where to look, and what shows that it is there. */
const looks = () => [
  [`/topics?filter=${topic}`, () => page.getByRole("link", { name: topic }).waitFor()],
  [`/topics/${topic}`, () => page.getByRole("region", { name: `Partitions of ${topic}` }).waitFor()],
  [`/topics/${topic}?tab=settings`, () => page.getByRole("button", { name: "Change retention.ms", exact: true }).click()],
  [`/topics/${topic}?tab=browse`, () => page.getByRole("button", { name: /kkk/ }).click()],
  ["/topics", () => page.getByRole("button", { name: "Create a topic" }).click()],
  ["/groups", () => page.getByRole("heading", { name: "Consumer groups" }).waitFor()],
  ["/groups/kafkloud-consumer", () => page.getByRole("slider").waitFor()],
];

for (const colorScheme of ["light", "dark"]) {
  for (const width of [390, 2560]) {
    test(`${colorScheme}, ${width} px wide: nothing is cut off, axe finds nothing`, async () => {
      page = await openPage(browser, { colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
      for (const [address, shown] of looks()) {
        await page.goto(PORTAL_URL + address);
        await shown();
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(overflow <= 0, `${address}: ${overflow} px hang over`);
        await page.addScriptTag({ path: AXE });
        const { violations } = await page.evaluate(() => window.axe.run());
        assert.deepEqual(violations.map(({ id, nodes }) => [address, id, nodes.map(({ html }) => html)]), []);
      }
      assert.deepEqual(page.complaints, []);
    });
  }
}
