// What is around the screens: addresses, navigation, focus, palette, shortcuts.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { PORTAL_URL, isFocused, isListening, launch, newTopic, openPage, roundtrip, scriptTroubles } from "./browser.mjs";

let browser;
let page;
before(async () => {
  browser = await launch();
});
after(() => browser.close());
afterEach(() => page.context().close());

const heading = (name) => page.getByRole("heading", { level: 1, name, exact: true });
const navigation = () => page.getByRole("navigation", { name: "Screens" });
const path = () => new URL(page.url()).pathname;

for (const width of [390, 2560]) {
  test(`${width} px wide: every screen is reached, named in the title, and a reload shows it again`, async () => {
    page = await openPage(browser, { viewport: { width, height: 844 } });
    for (const link of await navigation().getByRole("link").all()) {
      const name = await link.innerText();
      await link.click();
      await heading(name).waitFor({ state: "attached" });
      assert.equal(await link.getAttribute("aria-current"), "page");
      await page.waitForFunction((title) => document.title === title, `${name} – kafkloud`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `${name}: ${overflow} px hang over`);
      await page.reload();
      await heading(name).waitFor({ state: "attached" });
    }
  });
}

test("the skip link, and after a change of screen the focus at the heading", async () => {
  page = await openPage(browser);
  await isListening(page);
  await page.keyboard.press("Tab");
  await isFocused(page.getByRole("link", { name: "Skip to the screen" }));
  await page.keyboard.press("Enter");
  await isFocused(heading("Roundtrip"));
  await navigation().getByRole("link", { name: "Messages" }).press("Enter");
  await isFocused(heading("Messages"));
  await page.goBack();
  await heading("Roundtrip").waitFor({ state: "attached" });
});

test("the palette leads to a screen, to a message by its id, and switches the theme", async () => {
  page = await openPage(browser);
  const topic = newTopic("palette");
  const id = await roundtrip(page, { topic, message: "find me" });

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
  await isListening(page);
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
  page = await openPage(browser, {}, "/no/such/screen");
  await page.getByText("There is no such screen").waitFor();
  await page.getByRole("link", { name: "Go to the first screen" }).click();
  await page.getByRole("form", { name: "Send a message" }).waitFor();
  assert.equal(path(), "/");
});
