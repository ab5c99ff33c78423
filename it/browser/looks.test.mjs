// How the page looks and whom it lets in: sizes, themes, screen readers, what it fetches.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, afterEach, before, test } from "node:test";
import { PORTAL_URL, isDone, launch, newTopic, openPage, send } from "./browser.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

let browser;
let page;
before(async () => {
  browser = await launch();
});
after(() => browser.close());
afterEach(() => page.context().close());

const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const brightness = async () => {
  const [red, green, blue] = (await background()).match(/[\d.]+/g).map(Number);
  return (red + green + blue) / 3;
};

async function nothingHangsOver() {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `${overflow} px hang over`);
}

async function axeFindsNothing() {
  const { violations } = await page.evaluate(() => window.axe.run());
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [390, 1440, 2560]) {
    test(`${colorScheme}, ${width} px wide: nothing is cut off, axe finds nothing`, async () => {
      page = await openPage(browser, { colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
      await send(page, { topic: newTopic("looks"), key: "k".repeat(200), message: "x".repeat(2_000) });
      await isDone(page).getByText("Done", { exact: true }).waitFor();
      assert.equal((await brightness()) > 128, colorScheme === "light");
      await nothingHangsOver();
      await page.addScriptTag({ path: AXE });
      await axeFindsNothing();
      assert.deepEqual(page.complaints, []);
    });
  }
}

/** Screens that need no message of their own, and what shows that they are whole. */
const SCREENS = {
  "/health": () => page.getByRole("region", { name: "Brokers" }),
  "/seer": () => page.getByText("SEER_URL="),
  "/about": () => page.getByRole("region", { name: "Licences of the page's packages" }),
};

for (const [path, whole] of Object.entries(SCREENS)) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${path}, ${colorScheme}: nothing hangs over from 390 to 2560 px, axe finds nothing`, async () => {
      page = await openPage(browser, { colorScheme, bypassCSP: true });
      await page.goto(`${PORTAL_URL}${path}`);
      await page.addScriptTag({ path: AXE });
      for (const width of [390, 1440, 2560]) {
        await page.setViewportSize({ width, height: 900 });
        await whole().waitFor();
        await nothingHangsOver();
        await axeFindsNothing();
      }
      assert.deepEqual(page.complaints, []);
    });
  }
}

test("a theme that was chosen outlives a reload, whatever the system wants", async () => {
  page = await openPage(browser, { colorScheme: "light" });
  await page.getByRole("radio", { name: "Dark" }).press("Space");
  assert.ok((await brightness()) < 128);
  await page.reload();
  await page.getByRole("radio", { name: "Dark" }).waitFor();
  assert.ok((await brightness()) < 128);
  assert.equal(await page.getByRole("radio", { name: "Dark" }).isChecked(), true);
  await page.getByRole("radio", { name: "As the system" }).press("Space");
  assert.ok((await brightness()) > 128);
});

test("everything comes from the portal, under a policy without unsafe-inline", async () => {
  page = await openPage(browser);
  const urls = [];
  page.on("request", (request) => urls.push(request.url()));
  const response = await page.reload();
  const policy = response.headers()["content-security-policy"] ?? "";
  assert.match(policy, /script-src 'self'/);
  assert.doesNotMatch(policy, /unsafe/);
  await page.getByRole("list", { name: "Services" }).getByText("producer: ready").waitFor();
  assert.deepEqual(urls.filter((url) => new URL(url).origin !== new URL(PORTAL_URL).origin), []);
  assert.deepEqual(page.complaints, []);
});

test("the whole page is reached with the keyboard, in the order one reads it", async () => {
  page = await openPage(browser);
  await page.getByRole("list", { name: "Services" }).waitFor();
  await page.waitForLoadState("networkidle"); // what comes behind the first paint is there, and nothing moves under the keys
  const reached = [];
  for (let presses = 0; presses < 30; presses++) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate(() => document.activeElement.name || document.activeElement.innerText || document.activeElement.ariaLabel));
  }
  const order = ["theme", "topic", "key", "value", "contentType", "DoIt", "Pause", "Stop", "Clear", "Add a topic to follow"];
  assert.deepEqual([...new Set(reached.filter((name) => order.includes(name)))], order);
});
