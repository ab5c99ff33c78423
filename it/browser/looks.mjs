// How a screen looks and whom it lets in: nothing hangs over its edge, axe finds nothing.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** For the context: axe comes in past the page's policy, and colours change at once, so that axe sees no half of a change. */
export const LOOKS = { bypassCSP: true, reducedMotion: "reduce" };

export async function nothingHangsOver(page, where) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `${where}: ${overflow} px hang over`);
}

/** What watches the size has drawn. */
const drawn = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** Waits for the body's background to be as light or dark as the theme. */
export const hasTheme = (page, theme) =>
  page.waitForFunction((light) => {
    const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g).map(Number);
    return red + green + blue > 3 * 128 === light;
  }, theme === "light");

/** Looks at the page as it stands in both themes and each width; whole(): what it shows is there, at any width. */
export async function looksRight(page, widths, whole = async () => {}) {
  await page.addScriptTag({ path: AXE });
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await hasTheme(page, colorScheme);
    for (const width of widths) {
      const where = `${page.url()}, ${colorScheme}, ${width} px wide`;
      await page.setViewportSize({ width, height: 900 });
      await drawn(page);
      await whole();
      await nothingHangsOver(page, where);
      const { violations } = await page.evaluate(() => window.axe.run());
      assert.deepEqual(violations.map(({ id, nodes }) => [where, id, nodes.map(({ html }) => html)]), []);
    }
  }
}
