// The cluster behind the page, for tests that prepare something in it or ask it whether the page said the truth.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PORTAL_URL } from "./browser.mjs";
import { until } from "./until.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const BIN = process.env.IT_BIN ?? join(ROOT, "build/release/bin");
export const STREAMER = join(ROOT, "streamer/streamer");
export const KAFKA = process.env.KAFKA_BOOTSTRAP_SERVERS ?? "127.0.0.1:9092";

async function ask(path, init, portal = PORTAL_URL) {
  const response = await fetch(`${portal}${path}`, init);
  const body = response.status === 204 ? undefined : await response.json();
  if (!response.ok) throw new Error(`${init?.method ?? "GET"} ${path}: ${body.detail}`);
  return body;
}
const withJson = (method, body) => ({ method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const steward = (path, portal) => ask(`/api/steward${path}`, {}, portal);
export const createTopic = (topic, portal) => ask("/api/steward/topics", withJson("POST", topic), portal);
export const deleteTopic = (name) => ask(`/api/steward/topics/${name}`, { method: "DELETE" });

/** Writes records, each acked when it returns. */
export async function produce(topic, records) {
  const lines = records.map((record) => JSON.stringify(record)).join("\n");
  await fetch(`${PORTAL_URL}/api/producer/records/${topic}`, {
    method: "POST",
    headers: { "Content-Type": "application/x-ndjson" },
    body: lines,
  }).then((response) => response.text());
}

/** How many messages of a topic the consumer has read. */
export async function consumed(topic) {
  const { by_topic } = await ask("/api/consumer/status");
  return by_topic.find((one) => one.topic === topic)?.n_consumed ?? 0;
}

const groupPath = (group) => `/groups/${encodeURIComponent(group)}`;

/** Kafka's own consumer as a member of a group; it goes on until stop() is called. */
export async function startConsumer(group, topic) {
  const tool = ["tool", "org.apache.kafka.tools.consumer.ConsoleConsumer", "--bootstrap-server", KAFKA];
  const how = ["--from-beginning", "--command-property", "auto.commit.interval.ms=100"]; // else it commits after five seconds
  const { stop } = startProcess(STREAMER, [...tool, "--topic", topic, "--group", group, ...how], {});
  try {
    const committed = ({ offsets }) => offsets.length > 0 && offsets.every(({ lag }) => lag === 0);
    await until(`the group ${group} has read all`, () => steward(groupPath(group)).catch(() => ({ offsets: [] })), committed);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

/** A group that has read all of a topic and has no members any more. */
export async function leaveGroup(group, topic) {
  const stop = await startConsumer(group, topic);
  await stop();
  await until(`the group ${group} is empty`, () => steward(groupPath(group)), ({ state }) => state === "empty");
}

const isFree = (port, host) =>
  new Promise((answer) => {
    const server = createServer();
    server.once("error", () => answer(false));
    server.listen(port, host, () => server.close(() => answer(true)));
  });

/** Below the range of outgoing connections, so that it stays free; a Kafka's controller takes the next one of 127.0.0.2. */
export async function freePort() {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    if ((await isFree(port, "127.0.0.1")) && (await isFree(port + 1, "127.0.0.2"))) return port;
  }
}

/** up() waits until it is as wanted; what does not come up is ended. stop() ends it in order; it never outlives this process. */
export function startProcess(program, args, environment) {
  const child = spawn("setpriv", ["--pdeathsig", "TERM", program, ...args], { stdio: "ignore", env: { ...process.env, ...environment } });
  const ended = once(child, "exit");
  async function stop() {
    child.kill("SIGTERM");
    await ended;
  }
  async function up(isUp) {
    try {
      await until(`${program} is up`, () => child.exitCode !== null || isUp());
      if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode} at its start`);
    } catch (error) {
      await stop();
      throw error;
    }
  }
  return { up, stop };
}

export async function startService(name, environment) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { up, stop } = startProcess(join(BIN, `kafkloud-${name}`), [], { ...environment, SERVER_PORT: String(port) });
  await up(() => fetch(`${url}/livez`).then(({ ok }) => ok, () => false));
  return { url, stop };
}

/** A second portal whose steward refuses every change; the rest is the stack's. */
export async function startReadOnly() {
  const readOnly = await startService("steward", { READ_ONLY: "true", KAFKA_BOOTSTRAP_SERVERS: KAFKA });
  const portal = await startPortal(readOnly.url);
  return { url: portal.url, stop: () => Promise.all([portal.stop(), readOnly.stop()]) };
}

/** A second portal that looks for the steward where nobody is. */
export const startWithoutSteward = async () => startPortal(`http://127.0.0.1:${await freePort()}`);

/** A second portal that answers only who has its token. */
export async function startWithToken(token) {
  const folder = await mkdtemp(join(tmpdir(), "kafkloud-token-"));
  const file = join(folder, "token");
  await writeFile(file, token);
  const portal = await startPortal(process.env.STEWARD_URL ?? "http://127.0.0.1:8060", { API_TOKEN_FILE: file });
  return { url: portal.url, stop: () => Promise.all([portal.stop(), rm(folder, { recursive: true })]) };
}

const startPortal = (stewardUrl, more = {}) =>
  startService("portal", {
    ...more,
    STEWARD_URL: stewardUrl,
    PRODUCER_URL: process.env.PRODUCER_URL ?? "http://127.0.0.1:8000",
    CONSUMER_URL: process.env.CONSUMER_URL ?? "http://127.0.0.1:8072",
  });
