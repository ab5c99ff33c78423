// The live log under load: what it costs the main thread.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { PORTAL_URL, launch, liveLog, newTopic, openPage, send } from "../browser.mjs";

let browser;
let page;
before(async () => {
  browser = await launch();
});
after(() => browser.close());
afterEach(() => page.context().close());

test("a tail of 5,000 messages a second leaves the main thread free", async () => {
  page = await openPage(browser);
  const topic = newTopic("tail");
  await send(page, { topic, message: "before" });
  await liveLog(page).getByRole("button", { name: /before/ }).waitFor();
  await watchTasks();
  await load(topic, { rate: 5_000, seconds: 8 });
  await liveLog(page).getByText("of 40,001").waitFor();
  const { frames, longTasks } = await page.evaluate(() => window.watched);
  // Each frame is a task of its own at least, so of all tasks the long ones are an even smaller share.
  const durations = [...Array.from({ length: frames }, () => 0), ...longTasks.toSorted((a, b) => a - b)];
  const p95 = durations[Math.ceil(0.95 * durations.length) - 1];
  console.log(`# ${longTasks.length} long tasks beside ${frames} frames, the longest ${Math.round(durations.at(-1))} ms`);
  assert.ok(p95 < 50, `the 95th percentile of the tasks is ${p95} ms: ${longTasks.map(Math.round)}`);
  assert.deepEqual(page.complaints, []);
});

/** Counts the frames and collects the tasks of 50 ms and more from now on. */
const watchTasks = () =>
  page.evaluate(() => {
    window.watched = { frames: 0, longTasks: [] };
    new PerformanceObserver((list) => window.watched.longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask" });
    const frame = () => {
      window.watched.frames += 1;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
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
