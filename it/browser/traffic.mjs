// Real traffic for the pictures: a small shop's events through the producer, and Kafka's own consumers behind it.
import { PORTAL_URL } from "./browser.mjs";
import { createTopic, leaveGroup, startConsumer } from "./cluster.mjs";

const THINGS = ["tea", "lamp", "cable", "notebook", "chair", "kettle"];
const pick = (from) => from[Math.floor(Math.random() * from.length)];
let order = 1_040;

const EVENTS = {
  orders: () => ({ key: `customer-${1 + Math.floor(Math.random() * 40)}`, value: { order: (order += 1), total: Math.round(Math.random() * 20_000) / 100, items: [pick(THINGS), pick(THINGS)] } }),
  payments: () => ({ key: `order-${order}`, value: { order, method: pick(["card", "invoice"]), ok: Math.random() > 0.03 } }),
  shipments: () => ({ key: `order-${order}`, value: { order, from: pick(["Hamburg", "Porto", "Gdańsk"]), parcels: 1 + Math.floor(Math.random() * 3) } }),
  "page-views": () => ({ key: `session-${Math.floor(Math.random() * 400)}`, value: `/shop/${pick(THINGS)}` }),
};
const TICK_MS = 100;
const PER_TICK = { orders: 2, payments: 1, shipments: 1, "page-views": 12 };

async function produce(topic, count) {
  const lines = Array.from({ length: count }, () => JSON.stringify(EVENTS[topic]()));
  const headers = { "Content-Type": "application/x-ndjson" };
  const response = await fetch(`${PORTAL_URL}/api/producer/records/${topic}`, { method: "POST", headers, body: lines.join("\n") });
  await response.text();
}

/** Goes on until what it returns is called. */
export async function startTraffic() {
  const topics = Object.keys(EVENTS);
  for (const name of topics) await createTopic({ name, partitions: 4 }).catch(() => {}); // there already: as well
  await Promise.all(topics.map((topic) => produce(topic, 50)));
  const stopBilling = await startConsumer("billing", "orders");
  await leaveGroup("reporting", "orders"); // reads no more: its lag grows
  let going = true;
  const flowing = (async () => {
    while (going) {
      await Promise.all(Object.entries(PER_TICK).map(([topic, count]) => produce(topic, count)));
      await new Promise((tick) => setTimeout(tick, TICK_MS));
    }
  })();
  return async () => {
    going = false;
    await Promise.all([flowing, stopBilling()]);
  };
}
