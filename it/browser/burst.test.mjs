// A burst with its outcomes and charts, and the live log's filter and download, against the stack at PORTAL_URL.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, test } from "node:test";
import { PORTAL_URL, isDone, launch, liveLog, newTopic, openPage, send, topicField } from "./browser.mjs";
import { consumed } from "./cluster.mjs";

let browser;
let page;
before(async () => {
  browser = await launch();
});
after(() => browser.close());
afterEach(() => page.context().close());

const burstPanel = () => page.getByRole("region", { name: "Burst" });

async function startBurst({ topic, messages, rate }) {
  await topicField(page).fill(topic);
  await page.getByRole("button", { name: "Burst", exact: true }).click();
  await page.getByRole("textbox", { name: "Messages" }).fill(String(messages));
  if (rate) await page.getByRole("textbox", { name: "A second" }).fill(String(rate));
  await page.getByRole("button", { name: "Start the burst" }).click();
}

test("a burst's messages are all read, and its latencies are drawn and said in words", async () => {
  page = await openPage(browser);
  const topic = newTopic("burst");
  await startBurst({ topic, messages: 3_000, rate: 2_000 });
  await burstPanel().getByText("Done: all that were sent have been read.").waitFor();
  await burstPanel().getByText("3,000", { exact: true }).first().waitFor();
  for (const way of ["Accepted to acked", "Accepted to consumed"]) {
    const part = burstPanel().getByRole("region", { name: way, exact: true });
    await part.getByText(/^p50 [\d.]+ (µs|ms|s), p95 .*, p99 .*, longest /).waitFor();
    await part.getByRole("slider", { name: `${way}, at` }).waitFor();
    const rows = await part.getByRole("table", { name: `${way}: how many took how long` }).getByRole("row").allInnerTexts();
    const counted = rows.slice(1).reduce((sum, row) => sum + Number(row.split(/\s/).at(-1).replaceAll(",", "")), 0);
    assert.equal(counted, 3_000);
  }
  assert.equal(await consumed(topic), 3_000);
  assert.deepEqual(page.complaints, []);
});

test("a burst that is stopped sends no more, and what it sent is followed up", async () => {
  page = await openPage(browser);
  await startBurst({ topic: newTopic("stopped"), messages: 100_000, rate: 500 });
  await page.getByRole("button", { name: "Stop the burst" }).click();
  await burstPanel().getByText("Done: all that were sent have been read.").waitFor();
  assert.deepEqual(page.complaints, []);
});

test("what the filter lets through can be downloaded, from the topic's beginning on", async () => {
  page = await openPage(browser);
  const topic = newTopic("filter");
  const records = Array.from({ length: 20 }, (_, n) => ({ key: `k${n}`, value: { order: { id: n } } }));
  const response = await fetch(`${PORTAL_URL}/api/producer/records/${topic}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(records),
  });
  assert.equal(response.status, 200);
  await page.getByRole("combobox", { name: "Where the added topic begins" }).selectOption("from the beginning");
  const add = page.getByRole("combobox", { name: "Add a topic to follow" });
  await add.fill(topic);
  await add.press("Enter");
  await liveLog(page).getByText("20 received").waitFor();
  await page.getByRole("searchbox", { name: "Filter the messages" }).fill("value.order.id=7");
  await liveLog(page).getByText("1 of 20 pass the filter").waitFor();
  const downloading = page.waitForEvent("download");
  await liveLog(page).getByRole("button", { name: "Download" }).click();
  const download = await downloading;
  assert.equal(download.suggestedFilename(), `${topic}.ndjson`);
  const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\n");
  assert.deepEqual(lines.map((line) => JSON.parse(line).key), ["k7"]);
  assert.deepEqual(page.complaints, []);
});

test("hex and headers arrive as they were typed", async () => {
  page = await openPage(browser);
  const topic = newTopic("hex");
  await page.getByRole("radio", { name: "Hex" }).check();
  await page.getByRole("button", { name: "Headers" }).click();
  await page.getByRole("textbox", { name: "Name of header 1" }).fill("Trace-Id");
  await page.getByRole("textbox", { name: "Value of header 1" }).fill("grün");
  await send(page, { topic, message: "00 ff\n80" });
  await isDone(page).getByText("Done", { exact: true }).waitFor();
  await liveLog(page).getByRole("button", { name: /binary/ }).click();
  await liveLog(page).getByText("grün").waitFor();
  await liveLog(page).getByText("Trace-Id").waitFor();
  await liveLog(page).getByText("AP+A").last().waitFor();
  assert.deepEqual(page.complaints, []);
});
