// What is around the screens: addresses, navigation, focus, palette, shortcuts.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { PORTAL_URL, isDone, launch, newTopic, openPage, scriptTroubles, send } from "./browser.mjs";

let browser;
let page;
before(async () => {
  browser = await launch();
});
after(() => browser.close());
afterEach(() => page.context().close());

const heading = () => page.getByRole("heading", { level: 1 });
const navigation = () => page.getByRole("navigation", { name: "Screens" });
const focused = () => page.evaluate(() => document.activeElement.innerText);
const path = () => new URL(page.url()).pathname;

for (const width of [390, 2560]) {
  test(`${width} px wide: every screen is reached, named in the title, and a reload shows it again`, async () => {
    page = await openPage(browser, { viewport: { width, height: 844 } });
    for (const link of await navigation().getByRole("link").all()) {
      const name = await link.innerText();
      await link.click();
      await page.getByRole("heading", { level: 1, name, exact: true }).waitFor({ state: "attached" });
      assert.equal(await link.getAttribute("aria-current"), "page");
      assert.equal(await page.title(), `${name} – kafkloud`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `${name}: ${overflow} px hang over`);
      await page.reload();
      await page.getByRole("heading", { level: 1, name, exact: true }).waitFor({ state: "attached" });
    }
  });
}

test("the skip link, and after a change of screen the focus at the heading", async () => {
  page = await openPage(browser);
  await heading().waitFor({ state: "attached" });
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Skip to the screen");
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "Roundtrip");
  await navigation().getByRole("link", { name: "Messages" }).press("Enter");
  await page.getByRole("heading", { level: 1, name: "Messages" }).waitFor({ state: "attached" });
  assert.equal(await focused(), "Messages");
  await page.goBack();
  await page.getByRole("heading", { level: 1, name: "Roundtrip" }).waitFor({ state: "attached" });
});

test("the palette leads to a screen, to a message by its id, and switches the theme", async () => {
  page = await openPage(browser);
  const topic = newTopic("palette");
  await send(page, { topic, message: "find me" });
  await isDone(page).getByText("Done", { exact: true }).waitFor();
  const id = await isDone(page).getByText(/^[0-9a-f]{8}-[0-9a-f-]{27}$/).innerText();

  const palette = page.getByRole("dialog", { name: "Command palette" });
  const ask = async (text) => {
    await page.keyboard.press("Control+k");
    await palette.waitFor();
    await page.keyboard.type(text);
    await page.keyboard.press("Enter"); // at once, as somebody who knows what comes first
    await palette.waitFor({ state: "detached" });
  };
  await ask(id);
  await page.waitForURL(`${PORTAL_URL}/messages/${id}`);
  await ask("go to roundtrip");
  await page.waitForURL(`${PORTAL_URL}/`);
  await ask("theme: dark");
  await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
  await page.keyboard.press("Control+k");
  await palette.waitFor();
  await page.keyboard.press("Escape");
  await palette.waitFor({ state: "detached" });
  assert.deepEqual(scriptTroubles(page), []);
});

test("letters go to screens, and ? says which", async () => {
  page = await openPage(browser);
  await heading().waitFor({ state: "attached" });
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await page.waitForURL(`${PORTAL_URL}/messages`);
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await help.getByText("Go to Messages").waitFor();
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "detached" });
});

test("an address without a screen says so", async () => {
  page = await openPage(browser);
  await page.goto(`${PORTAL_URL}/no/such/screen`);
  await page.getByText("There is no such screen").waitFor();
  await page.getByRole("link", { name: "Go to the first screen" }).click();
  await page.getByRole("form", { name: "Send a message" }).waitFor();
  assert.equal(path(), "/");
});
