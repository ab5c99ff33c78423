// How soon is a message found? A second's promise: from the producer's acknowledgement until /search has it, while
// 1,000 messages a second flow. Starts a Kafka, a producer and a seer of its own.
// Usage: node found.mjs [--seconds 15] [--rate 1000] [--build ../build] [--services ../build/release/bin]; `make bench ONLY=found`.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: options } = parseArgs({
  options: { seconds: { type: "string", default: "15" }, rate: { type: "string", default: "1000" },
    services: { type: "string", default: join(root, "build/release/bin") } },
});
const seconds = Number(options.seconds), rate = Number(options.rate);
const TICK_MS = 20;      // the load comes in as many requests a second as that makes
const PROBE_MS = 40;     // a message that is looked for
const LOST_MS = 30000;   // not found by then: told as lost
const home = mkdtempSync(join(tmpdir(), "kafkloud-found-"));

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, "127.0.0.1", () => { const { port } = server.address(); server.close(() => done(port)); });
});

// ---- processes ----
const running = [];
function start(command, args, env = {}) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: "ignore" });
  running.push(child);
}
async function stopAll() {
  for (const child of running.reverse()) {
    child.kill("SIGTERM");
    await new Promise((done) => (child.exitCode === null && child.signalCode === null ? child.on("exit", done) : done()));
  }
  rmSync(home, { recursive: true, force: true });
}

// ---- HTTP: connections are kept ----
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
function call(port, method, path, body, type) {
  return new Promise((done, fail) => {
    const headers = body ? { "Content-Length": Buffer.byteLength(body), "Content-Type": type } : {};
    const r = request({ agent, port, host: "127.0.0.1", method, path, headers }, (answer) => {
      let text = "";
      answer.on("data", (data) => { text += data; });
      answer.on("end", () => done({ status: answer.statusCode, text }));
    });
    r.on("error", fail);
    r.end(body);
  });
}
async function ready(port) {
  for (const end = Date.now() + 60000; Date.now() < end; await sleep(50))
    if (await call(port, "GET", "/readyz").then((a) => a.status === 200, () => false)) return;
  throw new Error("a service is not ready within a minute");
}

// ---- load and probes ----
const words = "the order was packed in Linz and left the warehouse with the evening lorry to customer".split(" ");
let sent = 0;
const record = (n) => JSON.stringify({ key: `k${n % 997}`, value: { order: n, note: `${words.join(" ")} ${n}`, place: words[n % words.length] } });

async function load(producer, until) {
  let owed = 0, last = performance.now();
  const under_way = new Set();
  while (performance.now() < until) {
    await sleep(TICK_MS);
    const now = performance.now();
    owed += ((now - last) * rate) / 1000;
    last = now;
    const lines = [];
    for (; owed >= 1; owed--) lines.push(record(sent++));
    const posted = call(producer, "POST", "/records/found", `${lines.join("\n")}\n`, "application/x-ndjson");
    under_way.add(posted);
    posted.finally(() => under_way.delete(posted)).catch(() => {});
  }
  await Promise.all(under_way);
}

async function probe(producer, seer, n) {
  const word = `probe${n}x${process.pid}`;
  const acked = await call(producer, "POST", "/produce/found/probe", `the word is ${word}`, "text/plain");
  const from = performance.now();
  if (acked.status !== 200) throw new Error(`the producer answers ${acked.status}`);
  while (performance.now() - from < LOST_MS) {
    const found = await call(seer, "GET", `/search?mode=words&k=1&q=${word}`);
    if (found.status === 200 && JSON.parse(found.text).results.length === 1) return performance.now() - from;
    await sleep(2);
  }
  return Infinity;
}

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * q) - 1)];

try {
  const [kafka, producer, seer] = [await freePort(), await freePort(), await freePort()];
  const services = { KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${kafka}` };
  start(join(root, "streamer/streamer"), ["run", "--home", home, "--port", String(kafka)]);
  start(join(options.services, "kafkloud-producer"), [], { ...services, SERVER_PORT: String(producer) });
  start(join(options.services, "kafkloud-seer"), [], { ...services, SERVER_PORT: String(seer), INDEX: join(home, "index.db"), MODEL_DIR: join(root, "build/model-potion-base-8M") });
  await ready(producer);
  await ready(seer);
  await probe(producer, seer, 0); // the topic is known by now
  const until = performance.now() + seconds * 1000;
  const loading = load(producer, until);
  const probes = [];
  for (let n = 1; performance.now() < until; n++) {
    probes.push(probe(producer, seer, n));
    await sleep(PROBE_MS);
  }
  const ms = (await Promise.all(probes)).sort((a, b) => a - b);
  await loading;
  const status = JSON.parse((await call(seer, "GET", "/status")).text);
  console.log(`found after the acknowledgement, ${ms.length} messages among ${Math.round(sent / seconds)} a second for ${seconds} s:`);
  console.log(`  p50 ${quantile(ms, 0.5).toFixed(0)} ms, p90 ${quantile(ms, 0.9).toFixed(0)} ms, p99 ${quantile(ms, 0.99).toFixed(0)} ms, max ${ms.at(-1).toFixed(0)} ms; the seer has ${(status.memory_bytes / 1e6).toFixed(0)} MB, ${status.passages} passages, ${status.embedder.kind}`);
  if (quantile(ms, 0.99) > 1000) process.exitCode = 1;
} finally {
  agent.destroy();
  await stopAll();
}
