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
 * url is its portal's, producerUrl its producer's; the consumer may have settings of its own. stopKafka() and startKafka()
 * keep the broker's port and data; stop() ends all of it and leaves nothing behind.
 */
export async function startStack({ consumer: consumerSettings = {} } = {}) {
  const home = await mkdtemp(join(tmpdir(), "kafkloud-browser-"));
  const started = [];
  const stop = async () => {
    for (const one of started.toReversed()) await one.stop();
    await rm(home, { recursive: true });
  };
  const start = async (name, settings) => {
    const service = await startService(name, settings);
    started.push(service);
    return service.url;
  };
  try {
    const port = await freePort();
    let kafka = await startKafka(home, port);
    started.push({ stop: () => kafka.stop() });
    const withKafka = { KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${port}` };
    const producerUrl = await start("producer", { ...withKafka, DELIVERY_TIMEOUT: "2s" });
    const consumerUrl = await start("consumer", { ...withKafka, ...consumerSettings, STORE: join(home, "receipts.db") });
    const stewardUrl = await start("steward", withKafka);
    // There is no seer here; another stack's would tell of another broker.
    const seerUrl = `http://127.0.0.1:${await freePort()}`;
    const url = await start("portal", { PRODUCER_URL: producerUrl, CONSUMER_URL: consumerUrl, STEWARD_URL: stewardUrl, SEER_URL: seerUrl });
    const stopKafka = () => kafka.stop();
    const startAgain = async () => {
      kafka = await startKafka(home, port);
    };
    return { url, producerUrl, stopKafka, startKafka: startAgain, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
