// The about screen, against the real stack.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { PORTAL_URL, launch, openPage } from "./browser.mjs";

let browser;
let page;
before(async () => {
  browser = await launch();
});
after(() => browser.close());
afterEach(() => page.context().close());

const health = async () => (await fetch(`${PORTAL_URL}/api/health`)).json();
const goTo = async (title) => {
  page = await openPage(browser);
  await page.getByRole("navigation", { name: "Screens" }).getByRole("link", { name: title }).click();
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
};
const nothingComplained = () => assert.deepEqual(page.complaints, []);

test("the picture shows each part's state as the portal sees it", async () => {
  await goTo("About");
  await page.getByRole("img", { name: /Portal: ready, Producer: ready, Kafka: ready, Consumer: ready, Receipts: ready/ }).waitFor();
  const { services } = await health();
  const producer = services.find(({ name }) => name === "producer");
  const row = page.getByRole("region", { name: "Versions of the components" }).getByRole("row", { name: /^producer/i });
  await row.getByText(producer.version).waitFor();
  nothingComplained();
});

test("the licences are those of the bundle, with their texts", async () => {
  await goTo("About");
  const rows = page.getByRole("region", { name: "Licences of the page's packages" }).getByRole("row");
  await rows.nth(1).waitFor();
  const packages = await (await fetch(`${PORTAL_URL}/licences.json`)).json();
  assert.equal((await rows.count()) - 1, packages.length);
  assert.ok(packages.some(({ name }) => name === "react"));
  const href = await page.getByRole("link", { name: "Their full texts" }).getAttribute("href");
  const texts = await fetch(new URL(href, PORTAL_URL));
  assert.match(texts.headers.get("content-type"), /^text\/plain/);
  const text = await texts.text();
  for (const { name, version } of packages) assert.ok(text.includes(`${name} ${version}, `), name);
  nothingComplained();
});

test("every document that is linked is there", async () => {
  await goTo("About");
  const list = page.getByRole("region", { name: "Documents" }).getByRole("link");
  await list.first().waitFor();
  const links = await list.all();
  assert.ok(links.length >= 4);
  for (const link of links) {
    const answer = await fetch(new URL(await link.getAttribute("href"), PORTAL_URL));
    assert.equal(answer.status, 200, answer.url);
    assert.match((await answer.json()).openapi, /^3\.1/);
  }
});
