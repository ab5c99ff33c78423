// A portal with API_TOKEN_FILE: the page asks for the token and carries it everywhere, in the live stream, too.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { isDone, launch, liveLog, newTopic, openTab, scriptTroubles, send } from "./browser.mjs";
import { startWithToken } from "./cluster.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const TOKEN = "correct-horse.battery/staple=";

let browser;
let portal;
let context;
before(async () => {
  [browser, portal] = await Promise.all([launch(), startWithToken(TOKEN)]);
});
after(() => Promise.all([browser?.close(), portal?.stop()]));
beforeEach(async () => {
  context = await browser.newContext();
});
afterEach(() => context.close());

const wanted = (page) => page.getByRole("dialog", { name: "This portal wants a token" });
async function give(page, token, { keep = false } = {}) {
  if (keep) await wanted(page).getByRole("checkbox", { name: /Keep it/ }).check();
  await wanted(page).getByLabel("Token").fill(token);
  await page.keyboard.press("Enter");
}
const entered = (page) => wanted(page).waitFor({ state: "detached" });

async function palette(page, text) {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "What to do or where to go" }).fill(text);
  await page.getByRole("option", { name: text }).waitFor();
  await page.keyboard.press("Enter");
}

test("the page asks for the token, says when it is wrong, and with the right one sends and follows", async () => {
  const asked = [];
  const page = await openTab(context, portal.url);
  context.on("request", (request) => asked.push(request.url()));
  await give(page, "a wrong one".replaceAll(" ", "-"));
  await wanted(page).getByText("The portal does not take this token.").waitFor();
  await give(page, TOKEN);
  await entered(page);

  const topic = newTopic("token");
  await send(page, { topic, message: "behind the door" });
  await isDone(page).getByText(/^Consumed/).first().waitFor();
  await liveLog(page).getByText("Live", { exact: true }).waitFor();
  await liveLog(page).getByText("behind the door").first().waitFor();

  await page.goto(`${portal.url}/topics/${topic}?tab=partitions`);
  await page.getByRole("heading", { name: new RegExp(topic), level: 1 }).waitFor();
  await page.getByRole("region", { name: `Partitions of ${topic}` }).waitFor();
  assert.equal(await wanted(page).count(), 0);
  assert.ok(asked.every((address) => !address.includes(TOKEN) && !address.includes(encodeURIComponent(TOKEN))));
  assert.deepEqual(scriptTroubles(page), []);
});

test("a token lasts as long as its tab, or in the browser when that was chosen; forgotten, it is asked for again", async () => {
  const first = await openTab(context, portal.url);
  await give(first, TOKEN);
  await entered(first);
  const second = await openTab(context, portal.url);
  await give(second, TOKEN, { keep: true });
  await entered(second);
  const third = await openTab(context, `${portal.url}/topics`);
  await third.getByRole("table", { name: "Topics" }).waitFor();
  assert.equal(await wanted(third).count(), 0);

  await palette(third, "Forget the token");
  await wanted(third).waitFor();
  await wanted(second).waitFor(); // it lived by the same one
  await first.reload();
  await first.getByRole("list", { name: "Services" }).getByText("producer: ready").waitFor();
  assert.equal(await wanted(first).count(), 0);
});

test("the window for the token is whole at 390 px, and axe finds nothing", async () => {
  const narrow = await browser.newContext({ bypassCSP: true, viewport: { width: 390, height: 700 } });
  const page = await openTab(narrow, portal.url);
  await give(page, "wrong");
  await wanted(page).getByRole("alert").waitFor();
  await page.addScriptTag({ path: AXE });
  const { violations } = await page.evaluate(() => window.axe.run());
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
  await narrow.close();
});
