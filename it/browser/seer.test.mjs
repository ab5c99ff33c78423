// The seer's screen, against the real stack: load, ask, open the source.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { PORTAL_URL, launch, newTopic, openPage, roundtrip } from "./browser.mjs";

let browser;
let page;
before(async () => {
  browser = await launch();
});
after(() => browser.close());
afterEach(() => page.context().close());

const field = () => page.getByRole("searchbox", { name: "Question" });
const answer = () => page.getByRole("region", { name: "Answer", exact: true });
const tab = (name) => page.getByRole("tab", { name }).click();

async function ask(question) {
  await field().fill(question);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.searchParams.get("q") === question);
}

/** A text in which one sentence answers, far enough down that the document must be scrolled to it. */
const filler = (name) => Array.from({ length: 120 }, (_, n) => `Paragraph ${n} of ${name} speaks of nothing in particular.`).join("\n\n");
const textOf = (name) => `${filler(name)}\n\nThe lighthouse of ${name} was painted violet by its keeper, Ebenezer.\n\n${filler(name)}`;

async function load(name) {
  await page.getByLabel("Files to load").setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(textOf(name)) });
  const line = page.getByRole("list", { name: "Being loaded" }).getByRole("listitem").filter({ hasText: name });
  await line.getByText("done", { exact: true }).waitFor();
}

test("a file is loaded, asked about, and the answer's source opens at the very place", async () => {
  page = await openPage(browser, {}, "/seer?tab=documents");
  const name = `${newTopic("harbour")}.txt`;
  await load(name);
  await page.getByRole("region", { name: "Documents" }).getByRole("link", { name }).waitFor();
  await tab("Ask");
  await ask(`Who painted the lighthouse of ${name}?`);
  await answer().getByText("Ebenezer").first().waitFor();
  await answer().getByRole("link", { name: new RegExp(`^${name}, line \\d+$`) }).first().click();
  const mark = page.locator("mark").filter({ hasText: "painted violet" });
  await mark.waitFor();
  await page.waitForFunction((one) => {
    const { top, bottom } = one.getBoundingClientRect();
    return top >= 0 && bottom <= window.innerHeight;
  }, await mark.elementHandle());
  assert.deepEqual(page.complaints, []);
});

test("a message that was just sent is found by what it says, and leads to its journey", async () => {
  page = await openPage(browser);
  const topic = newTopic("seer");
  const word = `quetzal${Date.now().toString(36)}`;
  const id = await roundtrip(page, { topic, message: `{"cargo":"${word} feathers","pieces":12}` });
  await page.goto(`${PORTAL_URL}/seer?find=passages&q=${word}`);
  const found = page.getByRole("region", { name: "Passages found" });
  const link = found.getByRole("link", { name: new RegExp(`^${topic}/\\d+, offset 0$`) });
  const due = Date.now() + 15_000;
  while (!(await link.isVisible()) && Date.now() < due) {
    await found.waitFor();
    await page.reload();
    await found.waitFor();
  }
  await link.click();
  await page.waitForURL(`${PORTAL_URL}/messages/${id}`);
  assert.deepEqual(page.complaints, []);
});

test("a deleted document answers nothing any more", async () => {
  page = await openPage(browser, {}, "/seer?tab=documents");
  const name = `${newTopic("gone")}.txt`;
  await load(name);
  await page.getByRole("button", { name: `Delete ${name}`, exact: true }).click();
  await page.getByRole("button", { name: `Delete ${name} for good` }).click();
  await page.getByRole("link", { name }).waitFor({ state: "detached" });
  await page.goto(`${PORTAL_URL}/seer?find=passages&mode=words&source=${encodeURIComponent(name)}&q=lighthouse`);
  await page.getByText("Nothing found").waitFor();
  assert.deepEqual(page.complaints, []);
});

test("topics are chosen by name, and each says how far it is learnt", async () => {
  page = await openPage(browser);
  const topic = newTopic("chosen");
  await roundtrip(page, { topic, message: "one" });
  await page.goto(`${PORTAL_URL}/seer?tab=topics`);
  await page.getByRole("radio", { name: "These alone" }).click();
  await page.getByRole("checkbox", { name: topic }).check();
  await page.getByRole("button", { name: "Learn", exact: true }).click();
  const row = page.getByRole("row").filter({ hasText: topic });
  await row.getByText("all learnt").waitFor();
  await page.getByRole("radio", { name: "All topics, new ones too" }).click();
  await page.getByRole("button", { name: "Learn", exact: true }).click();
  await page.waitForFunction(async () => (await (await fetch("/api/seer/topics")).json()).learning === "all");
  assert.deepEqual(page.complaints, []);
});
