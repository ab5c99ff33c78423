// How the page looks and whom it lets in: sizes, themes, screen readers, what it fetches.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { PORTAL_URL, isListening, launch, newTopic, openPage, roundtrip } from "./browser.mjs";
import { LOOKS, hasTheme, looksRight } from "./looks.mjs";

let browser;
let page;
before(async () => {
  browser = await launch();
});
after(() => browser.close());
afterEach(() => page.context().close());

const WIDTHS = [390, 1440, 2560];

test("the first screen: nothing is cut off from 390 to 2560 px, axe finds nothing, dark and light", async () => {
  page = await openPage(browser, LOOKS);
  await roundtrip(page, { topic: newTopic("looks"), key: "k".repeat(200), message: "x".repeat(2_000) });
  await looksRight(page, WIDTHS);
  assert.deepEqual(page.complaints, []);
});

/** Screens that need no message of their own, and what shows that they are whole. */
const SCREENS = {
  "/health": () => page.getByRole("region", { name: "Brokers" }),
  "/seer": () => page.getByRole("searchbox", { name: "Question" }),
  "/about": () => page.getByRole("region", { name: "Licences of the page's packages" }),
};

for (const [path, whole] of Object.entries(SCREENS)) {
  test(`${path}: nothing hangs over from 390 to 2560 px, axe finds nothing, dark and light`, async () => {
    page = await openPage(browser, LOOKS, path);
    await looksRight(page, WIDTHS, () => whole().waitFor());
    assert.deepEqual(page.complaints, []);
  });
}

test("a theme that was chosen outlives a reload, whatever the system wants", async () => {
  page = await openPage(browser, { colorScheme: "light" });
  await page.getByRole("radio", { name: "Dark" }).press("Space");
  await hasTheme(page, "dark");
  await page.reload();
  await page.getByRole("radio", { name: "Dark", checked: true }).waitFor();
  await hasTheme(page, "dark");
  await page.getByRole("radio", { name: "As the system" }).press("Space");
  await hasTheme(page, "light");
});

test("everything comes from the portal, under a policy without unsafe-inline", async () => {
  page = await openPage(browser);
  const urls = [];
  page.on("request", (request) => urls.push(request.url()));
  const response = await page.reload();
  const policy = response.headers()["content-security-policy"] ?? "";
  assert.match(policy, /script-src 'self'/);
  assert.doesNotMatch(policy, /unsafe/);
  await isListening(page);
  assert.deepEqual(urls.filter((url) => new URL(url).origin !== new URL(PORTAL_URL).origin), []);
  assert.deepEqual(page.complaints, []);
});

test("the whole page is reached with the keyboard, in the order one reads it", async () => {
  page = await openPage(browser);
  await isListening(page);
  await page.waitForLoadState("networkidle"); // what comes behind the first paint is there, and nothing moves under the keys
  const reached = [];
  for (let presses = 0; presses < 30; presses++) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate(() => document.activeElement.name || document.activeElement.innerText || document.activeElement.ariaLabel));
  }
  const order = ["theme", "topic", "key", "value", "contentType", "DoIt", "Pause", "Stop", "Clear", "Add a topic to follow"];
  assert.deepEqual([...new Set(reached.filter((name) => order.includes(name)))], order);
});
