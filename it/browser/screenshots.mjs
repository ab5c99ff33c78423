// Pictures of every screen, dark and light, made on real traffic:  node screenshots.mjs FOLDER [narrow|wide|huge ...]
// It needs a running stack (PORTAL_URL), which it fills.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { PORTAL_URL, isListening, launch, liveLog, openPage, roundtrip, send, topicField } from "./browser.mjs";
import { consumed } from "./cluster.mjs";
import { startTraffic } from "./traffic.mjs";
import { until } from "./until.mjs";

const SIZES = { narrow: { width: 390, height: 844 }, wide: { width: 1440, height: 1100 }, huge: { width: 2560, height: 1440 } };
const [folder, ...wanted] = process.argv.slice(2);
const sizes = wanted.length > 0 ? wanted : Object.keys(SIZES);
if (!folder || !sizes.every((size) => size in SIZES)) {
  console.error("usage: node screenshots.mjs FOLDER [narrow|wide|huge ...]");
  process.exit(64);
}

const THEMES = ["light", "dark"];
/** Whole pages; of the wide ones, which the README shows, what one sees at once. */
const isWhole = (size) => size !== "wide";
/** So much traffic is there before the first picture: charts have something to show. */
const PAGE_VIEWS_BEFORE = 2_000;

const ORDER = { topic: "orders", key: "customer-9", message: JSON.stringify({ order: 2042, total: 84.9, items: ["lamp", "cable"] }, null, 2) };
const DOCUMENT = "# Delivery\n\nParcels leave Hamburg on every working day at noon. A parcel to Porto takes three days.\n\n# Returns\n\nWhat was not used may be sent back within thirty days.\n";

const region = (page, name) => page.getByRole("region", { name, exact: true });
const link = (page, name) => page.getByRole("link", { name }).first();

/** Each picture: its name, its address, and what is done there until it is as wanted. */
const PICTURES = [
  ["palette", "/", showPalette],
  ["first", "/", (page) => page.getByText("No message yet").waitFor()],
  ["roundtrip", "/", showRoundtrip],
  ["burst", "/", showBurst],
  ["wrong", "/", showWrong],
  ["messages", "/messages?topic=orders", (page) => link(page, /customer-/).waitFor()],
  ["message", "/messages?topic=orders&key=customer-9", showMessage],
  ["topics", "/topics", (page) => link(page, "orders").waitFor()],
  ["topic", "/topics/orders", (page) => region(page, "Partitions of orders").waitFor()],
  ["topic-browse", "/topics/orders?tab=browse", (page) => page.getByRole("button", { name: /customer-/ }).first().click()],
  ["topic-settings", "/topics/orders?tab=settings", (page) => page.getByRole("button", { name: "Change retention.ms", exact: true }).waitFor()],
  ["groups", "/groups", (page) => link(page, "reporting").waitFor()],
  ["group", "/groups/reporting", (page) => page.getByRole("slider").waitFor()],
  ["health", "/health", (page) => region(page, "Latency").getByRole("slider").first().waitFor()],
  ["seer", "/seer?q=How+long+does+a+parcel+to+Porto+take%3F", (page) => region(page, "Answer").getByText("three days").first().waitFor()],
  ["seer-documents", "/seer?tab=documents", (page) => link(page, "delivery.md").waitFor()],
  ["seer-topics", "/seer?tab=topics", (page) => page.getByText("orders").first().waitFor()],
  ["about", "/about", (page) => region(page, "Licences of the page's packages").waitFor()],
];

async function showRoundtrip(page) {
  for (const _ of Array(4)) await roundtrip(page, ORDER);
  await liveLog(page).getByText(/^[\d,]{3,} received|newest/).first().waitFor();
}

async function showBurst(page) {
  await topicField(page).fill("page-views");
  await page.getByRole("button", { name: "Burst", exact: true }).click();
  await page.getByRole("textbox", { name: "Messages" }).fill("1500");
  await page.getByRole("textbox", { name: "A second" }).fill("500");
  await page.getByRole("button", { name: "Start the burst" }).click();
  await page.getByText("Done: all that were sent have been read.").waitFor();
}

async function showWrong(page) {
  await send(page, { topic: "not a topic" });
  await page.getByRole("alert").waitFor();
}

async function showPalette(page) {
  await isListening(page);
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Command palette" }).waitFor();
  await page.keyboard.type("or");
  await page.getByRole("option", { name: /^orders/ }).first().waitFor();
}

async function showMessage(page) {
  await link(page, /customer-9/).click();
  await region(page, "Message").getByRole("region", { name: "Value" }).waitFor();
}

async function takePictures(browser, theme, size) {
  const options = { viewport: SIZES[size], colorScheme: theme, deviceScaleFactor: size === "narrow" ? 2 : 1, reducedMotion: "reduce" };
  const page = await openPage(browser, options);
  for (const [name, address, show] of PICTURES) {
    await page.goto(PORTAL_URL + address);
    await show(page);
    await page.screenshot({ fullPage: isWhole(size), path: join(folder, `${name}-${size}-${theme}.png`) });
  }
  await page.context().close();
}

mkdirSync(folder, { recursive: true });
const stopTraffic = await startTraffic();
await fetch(`${PORTAL_URL}/api/seer/documents?source=delivery.md`, { method: "PUT", headers: { "Content-Type": "text/markdown" }, body: DOCUMENT });
await until("there is traffic to be seen", () => consumed("page-views"), (count) => count > PAGE_VIEWS_BEFORE);
const browser = await launch();
try {
  for (const theme of THEMES) for (const size of sizes) await takePictures(browser, theme, size);
} finally {
  await browser.close();
  await stopTraffic();
}
