// The health screen against the real stack: what it shows is what the services say.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { PORTAL_URL, launch, newTopic, openPage } from "./browser.mjs";

let browser;
let page;
before(async () => {
  browser = await launch();
});
after(() => browser.close());
afterEach(() => page.context().close());

const ask = async (path) => (await fetch(`${PORTAL_URL}${path}`)).json();
const region = (name) => page.getByRole("region", { name, exact: true });
const nothingComplained = () => assert.deepEqual(page.complaints, []);

/** One message is measured, so that there is a latency; then from the navigation to the screen. */
async function openHealth() {
  const sent = await fetch(`${PORTAL_URL}/api/producer/produce/${newTopic("health")}`, { method: "POST", body: "measured" });
  assert.equal(sent.status, 200);
  await ask(`/api/consumer/status/${(await sent.json()).id}?wait=consumed&timeout_ms=20000`);
  page = await openPage(browser);
  await page.getByRole("navigation", { name: "Screens" }).getByRole("link", { name: "Health" }).click();
  await page.getByRole("heading", { level: 1, name: "Health" }).waitFor({ state: "attached" });
}

test("every component is there with its version and what it needs", async () => {
  await openHealth();
  const { services, portal } = await ask("/api/health");
  const card = (name) => region("Components").getByRole("listitem", { name, exact: true });
  await card("portal").getByText(portal.version).waitFor();
  for (const { name, version } of services.filter(({ state }) => state === "ready")) {
    await card(name).getByText("ready", { exact: true }).waitFor();
    await card(name).getByText(version).waitFor();
    await card(name).getByText("kafka: ready").waitFor();
  }
  await card("consumer").getByText("store: ready").waitFor();
  await card("kafka").getByText("as the producer sees it").waitFor();
  nothingComplained();
});

test("the latencies drawn are the consumer's, and how far back is in the address", async () => {
  await openHealth();
  const chart = region("Latency").getByRole("slider", { name: "Latency, at" });
  await chart.waitFor();
  await chart.focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowRight");
  assert.match(await chart.getAttribute("aria-valuetext"), /^\d\d:\d\d:\d\d: p50 [\d.]+ (µs|ms|s), p95 /);

  await region("Latency").getByText("As a table").last().click();
  const rows = region("How many messages took how long, as a table").getByRole("row");
  const counted = (await rows.allInnerTexts()).slice(1).map((text) => Number(text.split("\t")[1].replaceAll(/\D/g, "")));
  const { count } = await ask("/api/consumer/latency?window=3600s");
  const shown = counted.reduce((sum, n) => sum + n, 0);
  assert.ok(shown > 0 && shown <= count, `${shown} in the picture, ${count} counted`);

  await page.getByRole("combobox", { name: "How far back" }).selectOption("Last 15 minutes");
  await page.waitForURL(/\/health\?window=900$/);
  await page.reload();
  await chart.waitFor();
  assert.equal(await page.getByRole("combobox", { name: "How far back" }).inputValue(), "Last 15 minutes");
  nothingComplained();
});

test("the brokers are those the steward knows, and a topic leads to its screen", async () => {
  await openHealth();
  const cluster = await ask("/api/steward/cluster");
  const brokers = region("Brokers").getByRole("row");
  await brokers.nth(1).waitFor();
  assert.equal((await brokers.count()) - 1, cluster.brokers.length);
  await region("Cluster").getByText(cluster.cluster_id).waitFor();
  const address = await region("Topics by lag").getByRole("link").first().getAttribute("href");
  await page.locator(`a[href="${address}"]`).click(); // this one: the list may have been sorted anew
  await page.waitForURL(`${PORTAL_URL}${address}`);
  nothingComplained();
});

test("a steward and a consumer that do not answer are said to be missing, and it heals by itself", async () => {
  page = await openPage(browser);
  const cut = (route) => route.fulfill({ status: 502, contentType: "application/problem+json", body: JSON.stringify({ title: "Upstream", status: 502, detail: "nobody answers" }) });
  await page.route("**/api/steward/**", cut);
  await page.route("**/api/consumer/status", cut);
  await page.goto(`${PORTAL_URL}/health`);
  await page.getByText("The steward is not there").waitFor();
  await page.getByText("The consumer does not tell its figures").waitFor();
  await page.unroute("**/api/steward/**");
  await page.unroute("**/api/consumer/status");
  await region("Brokers").waitFor();
  await region("Reading").getByText("Duplicates", { exact: true }).waitFor();
});
