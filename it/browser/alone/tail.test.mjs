// The live log under load: what it costs the main thread.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PORTAL_URL, launch, liveLog, newTopic, openPage, send } from "../browser.mjs";
import { firstGood, tasksP95, watchTasks } from "./measured.mjs";

const LOAD = { rate: 5_000, seconds: 5 };

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

async function followTail() {
  const page = await openPage(browser);
  const topic = newTopic("tail");
  await send(page, { topic, message: "before" });
  await liveLog(page).getByRole("button", { name: /before/ }).waitFor();
  await watchTasks(page);
  await load(topic, LOAD);
  await liveLog(page).getByText("of 25,001").waitFor();
  const p95 = await tasksP95(page, "a tail of 5,000 messages a second");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
  return p95;
}

test("a tail of 5,000 messages a second leaves the main thread free", async () => {
  const p95 = await firstGood(followTail, (ms) => ms < 50);
  assert.ok(p95 < 50, `the 95th percentile of the tasks is ${p95} ms`);
});

/** Sends from outside of the browser, at a rate. */
async function load(topic, { rate, seconds }) {
  const beganMs = performance.now();
  const size = rate / 10;
  for (let batch = 0; batch < seconds * 10; batch++) {
    const lines = Array.from({ length: size }, (_, n) => JSON.stringify({ key: `k${n % 7}`, value: { order: batch * size + n, total: 12.5 } }));
    const dueMs = batch * 100 - (performance.now() - beganMs);
    if (dueMs > 0) await new Promise((due) => setTimeout(due, dueMs));
    const response = await fetch(`${PORTAL_URL}/api/producer/records/${topic}`, {
      method: "POST",
      headers: { "Content-Type": "application/x-ndjson" },
      body: lines.join("\n"),
    });
    assert.equal(response.status, 200);
    await response.text();
  }
}
