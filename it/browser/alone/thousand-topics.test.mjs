// A thousand real topics on the topics' screen, in a stack of the test's own, which goes with them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, openPage } from "../browser.mjs";
import { createTopic, steward } from "../cluster.mjs";
import { startStack } from "../own-stack.mjs";
import { until } from "../until.mjs";
import { firstGood, tasksP95, watchTasks } from "./measured.mjs";

const COUNT = 1_000;
const AT_ONCE = 10; // calls to the steward
const FRAMES = 300;
const names = Array.from({ length: COUNT }, (_, n) => `topic-${String(n).padStart(3, "0")}`);

let browser;
let stack;
before(async () => {
  [browser, stack] = await Promise.all([launch(), startStack({ consumer: { KAFKA_TOPICS: "orders" } })]); // that reads none of them
  await makeTopics();
  await until("all topics are listed", () => steward("/topics", stack.url), ({ topics }) => topics.length >= COUNT);
});
after(() => Promise.all([browser?.close(), stack?.stop()]));

/** Some at a time: each worker takes the next name. */
async function makeTopics() {
  const rest = names.values();
  const worker = async () => {
    for (const name of rest) await createTopic({ name, partitions: 1 }, stack.url);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

test("a thousand topics are scrolled and filtered without the page stuttering", async () => {
  const page = await openPage(browser, {}, `${stack.url}/topics?sort=-name`);
  const link = (name) => page.getByRole("link", { name, exact: true });
  await page.getByText("1,000", { exact: true }).first().waitFor();
  await link("topic-999").waitFor();
  const p95 = await firstGood(() => scrollThrough(page), (ms) => ms < 50);
  assert.ok(p95 < 50, `the 95th percentile of the tasks is ${p95} ms`);
  assert.ok((await page.getByRole("row").count()) < 60); // only what is to be seen is in the document

  await page.getByRole("searchbox").fill("topic-99");
  await page.getByText("10 of 1,000").waitFor();
  await link("topic-999").focus();
  await page.keyboard.press("End");
  await page.waitForFunction(() => document.activeElement.textContent === "topic-990");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/topics/topic-990");
  assert.deepEqual(page.complaints, []);
});

/** Scrolls the table through twice, a frame a step; the 95th percentile of the tasks meanwhile. */
async function scrollThrough(page) {
  await watchTasks(page);
  await page.evaluate(async (frames) => {
    const box = [...document.querySelectorAll('[role="table"] [role="rowgroup"]')].at(-1);
    for (let step = 0; step < frames; step++) {
      box.scrollTop = (box.scrollHeight * (step % (frames / 2))) / (frames / 2);
      await new Promise((frame) => requestAnimationFrame(frame));
    }
    box.scrollTop = 0;
  }, FRAMES);
  return tasksP95(page, "scrolling a thousand topics");
}
