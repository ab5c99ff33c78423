// A stack of a test's own, with a broker that the test may stop and start again.
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { STREAMER, freePort, startProcess, startService } from "./cluster.mjs";

/** Anybody listens there. */
const listens = (port) =>
  new Promise((answer) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => answer(true)).once("error", () => answer(false));
    socket.once("connect", () => socket.destroy());
  });

async function startKafka(home, port) {
  const kafka = startProcess(STREAMER, ["run", "--home", home, "--port", String(port)], {});
  await kafka.up(() => listens(port));
  return kafka;
}

/**
 * url is its portal's, producerUrl its producer's; the consumer may have settings of its own. stopKafka() and startKafka() keep the broker's port and data; stop()
 * ends all of it and leaves nothing behind.
 */
export async function startStack({ consumer: consumerSettings = {} } = {}) {
  const home = await mkdtemp(join(tmpdir(), "kafkloud-browser-"));
  const port = await freePort();
  let kafka = await startKafka(home, port);
  const withKafka = { KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${port}` };
  const [producer, consumer, steward] = await Promise.all([
    startService("producer", { ...withKafka, DELIVERY_TIMEOUT: "2s" }),
    startService("consumer", { ...withKafka, ...consumerSettings, STORE: join(home, "receipts.db") }),
    startService("steward", withKafka),
  ]);
  const portal = await startService("portal", { PRODUCER_URL: producer.url, CONSUMER_URL: consumer.url, STEWARD_URL: steward.url });
  return {
    url: portal.url,
    producerUrl: producer.url,
    stopKafka: () => kafka.stop(),
    async startKafka() {
      kafka = await startKafka(home, port);
    },
    async stop() {
      await Promise.all([portal, producer, consumer, steward].map((service) => service.stop()));
      await kafka.stop();
      await rm(home, { recursive: true });
    },
  };
}
