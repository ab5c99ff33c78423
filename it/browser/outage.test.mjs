// A broker that stops and comes back, in a stack of its own: what the page says meanwhile, and that all heals by itself.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { isDone, launch, liveLog, newTopic, openTab, roundtrip, send } from "./browser.mjs";
import { startStack } from "./own-stack.mjs";

let browser;
let stack;
let context;
before(async () => {
  [browser, stack] = await Promise.all([launch(), startStack()]);
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
});
after(() => Promise.all([browser?.close(), stack?.stop()]));

const component = (page, name) => page.getByRole("region", { name: "Components" }).getByRole("listitem", { name, exact: true });
const shows = (page, name, state) => component(page, name).getByText(state, { exact: true }).waitFor();

/** Asks for nothing but an answer: what the producer says to a message now. */
async function produce(topic, value) {
  const response = await fetch(`${stack.producerUrl}/produce/${topic}/key`, { method: "POST", body: value });
  return { status: response.status, ...(await response.json()) };
}

test("a broker stops: every screen says so, sends get their error; it comes back: all heals, without a loss or a repeat", async () => {
  const [page, health, topics] = [await openTab(context, stack.url), await openTab(context, `${stack.url}/health`), await openTab(context, `${stack.url}/topics`)];
  const topic = newTopic("outage");
  await roundtrip(page, { topic, key: "key", message: "before" });
  await liveLog(page).getByText("1 received").waitFor();
  await topics.getByRole("link", { name: topic }).waitFor();
  await shows(health, "kafka", "ready");

  await stack.stopKafka();
  await send(page, { topic, key: "key", message: "into the outage" });
  await isDone(page).getByText("Not in Kafka", { exact: true }).waitFor();
  await isDone(page).getByText(/was not stored.*cannot make a second one/).waitFor();
  await page.getByText(/^The producer is not ready \(kafka: /).waitFor();
  await page.getByText(/^The consumer is not ready \(kafka: /).waitFor();
  await shows(health, "kafka", "down");
  for (const name of ["producer", "consumer", "steward"]) await shows(health, name, "not ready");
  await topics.getByRole("link", { name: topic }).waitFor(); // what was known stays
  assert.ok((await produce(topic, "refused")).status >= 500);

  await stack.startKafka();
  for (const name of ["kafka", "producer", "consumer", "steward"]) await shows(health, name, "ready");
  await page.getByText(/is not ready/).first().waitFor({ state: "detached" });
  const { partition, offset } = await produce(topic, "after");
  assert.equal(offset, 1); // nothing of the outage was stored
  await liveLog(page).getByRole("button", { name: new RegExp(`${topic}.*/${partition}/1.*after`) }).waitFor();
  await liveLog(page).getByText("2 received").waitFor();
  assert.equal(await liveLog(page).getByRole("button", { name: /into the outage|refused/ }).count(), 0);
  await roundtrip(page, { topic, key: "key", message: "all is well" });
  await liveLog(page).getByText("3 received").waitFor();
});
