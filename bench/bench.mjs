// Runs every side in turn on one machine, seven times, and prints medians, spread and ratios.
// Usage: node bench.mjs [--rounds 7] [--seconds 4] [--only http,records]; `make bench` builds what it needs.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { cpus, tmpdir, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "7" }, seconds: { type: "string", default: "4" },
    only: { type: "string", default: "http,records" }, build: { type: "string", default: join(root, "build") },
    report: { type: "string" } },
});
const rounds = Number(options.rounds), seconds = Number(options.seconds);
const bin = (name) => join(options.build, "bench", name);
const LINES = 1000; // records an NDJSON request
const PARTITIONS = 4;
const cores = Number(execFileSync("nproc", { encoding: "utf8" })); // those we may use (taskset)
const COLLAPSE = 0.5; // a run below this share of its side's median has collapsed

// ---- processes ----
const running = [];
function start(name, command, args, env = {}) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.on("data", (data) => { log = (log + data).slice(-4000); });
  child.on("exit", (code) => { if (!child.stopping) { console.error(`${name} ended (${code})\n${log}`); process.exitCode = 1; } });
  running.push(child);
  return child;
}
function stopAll() {
  for (const child of running.reverse()) { child.stopping = true; child.kill("SIGTERM"); }
  return Promise.all(running.map((child) => new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) return done();
    const timer = setTimeout(() => child.kill("SIGKILL"), 15000);
    child.on("exit", () => { clearTimeout(timer); done(); });
  })));
}
const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, "127.0.0.1", () => { const { port } = server.address(); server.close(() => done(port)); });
});
async function until(what, condition, ms = 60000) {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    if (await condition().catch(() => false)) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${what}: not within ${ms} ms`);
}
const post = (port, topic = "bench") => fetch(`http://127.0.0.1:${port}/produce/${topic}/k`, { method: "POST", body: "v" });

// ---- measuring ----
const TICKS = 100; // _SC_CLK_TCK
function usage(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return { cpu: (Number(fields[11]) + Number(fields[12])) / TICKS, rss: rss ? Number(rss[1]) / 1024 : 0 };
}
const toMs = (text) => Number.parseFloat(text) * (text.endsWith("us") ? 1e-3 : text.endsWith("ms") ? 1 : text.endsWith("m") ? 6e4 : 1e3);
const wrkProcess = (args) => new Promise((done, fail) => {
  const child = spawn("wrk", args, { stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout.on("data", (data) => { out += data; });
  child.on("exit", (code) => (code === 0 ? done(out) : fail(new Error(`wrk ended with ${code}`))));
});
async function wrk(side, connections, script, args = []) {
  const before = usage(side.pid);
  const out = await wrkProcess(["-t", String(Math.min(2, connections)), "-c", String(connections), "-d", `${seconds}s`, "--timeout", "20s",
    "--latency", "-s", join(here, script), `http://127.0.0.1:${side.port}`, "--", ...args]);
  const after = usage(side.pid);
  const number = (re) => { const match = re.exec(out); return match ? match[1] : "0"; };
  const requests = Number(number(/(\d+) requests in/));
  const bad = Number(number(/Non-2xx or 3xx responses: (\d+)/));
  const broken = /Socket errors: (.*)/.exec(out);
  return { rate: Number(number(/Requests\/sec:\s+([\d.]+)/)), p50: toMs(number(/^\s+50%\s+(\S+)/m)), p99: toMs(number(/^\s+99%\s+(\S+)/m)),
    cpu_us: ((after.cpu - before.cpu) * 1e6) / Math.max(1, requests), rss: after.rss, bad, broken: broken ? broken[1] : "" };
}
const median = (list) => { const s = [...list].sort((a, b) => a - b); return s[Math.floor(s.length / 2)]; };
const of = (runs, key) => runs.map((run) => run[key]);

// ---- printing ----
const lines = [];
const say = (text = "") => { console.log(text); lines.push(text); };
const whole = (n) => Math.round(n).toLocaleString("en-US");
const progress = (text) => process.stderr.isTTY && process.stderr.write(text ? `\r  ${text}          ` : "\r\x1b[K");
const failures = [];
function judge(name, runs) {
  const middle = median(of(runs, "rate"));
  runs.forEach((run, i) => {
    if (run.rate < COLLAPSE * middle) failures.push(`${name}: round ${i + 1} collapsed to ${whole(run.rate)}/s (median ${whole(middle)})`);
    if (run.bad || run.broken) failures.push(`${name}: round ${i + 1} had ${run.bad} answers that were not 2xx; ${run.broken}`);
  });
}

async function benchHttp(sides) {
  say(`\n## One record a request: POST of 100 bytes, answered when Kafka confirmed it\n`);
  say("| connections | side | requests/s, median (min..max) | p50 ms | p99 ms | CPU µs a request | memory MB | of bare HTTP | of Go |");
  say("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
  for (const connections of [1, 64, 256]) {
    const runs = Object.fromEntries(sides.map((side) => [side.name, []]));
    for (let round = 0; round < rounds; round++)
      for (let i = 0; i < sides.length; i++) {
        const side = sides[(i + round) % sides.length]; // nobody is always first
        runs[side.name].push(await wrk(side, connections, "post.lua"));
        progress(`${connections} connections, round ${round + 1} of ${rounds}, ${side.name}`);
      }
    progress();
    for (const side of sides) {
      const r = runs[side.name], rate = of(r, "rate");
      judge(`${side.name} at ${connections}`, r);
      const ratio = (other) => median(r.map((run, i) => run.rate / runs[other][i].rate)).toFixed(2);
      say(`| ${connections} | ${side.name} | ${whole(median(rate))} (${whole(Math.min(...rate))}..${whole(Math.max(...rate))}) | ` +
        `${median(of(r, "p50")).toFixed(2)} | ${median(of(r, "p99")).toFixed(2)} | ${median(of(r, "cpu_us")).toFixed(1)} | ` +
        `${median(of(r, "rss")).toFixed(0)} | ${ratio("bare libmicrohttpd")} | ${ratio("Go net/http + franz-go")} |`);
    }
  }
}

async function benchRecords(producer, brokers) {
  const records = seconds * 400_000, mine = [], bare = [];
  for (let round = 0; round < rounds; round++) {
    const turn = [async () => {
      const out = execFileSync(bin("bare_kafka"), [brokers, "bench", String(PARTITIONS), String(records)], { encoding: "utf8" });
      bare.push({ rate: Number(out.split(" ")[2]), bad: 0, broken: "" });
    }, async () => {
      const run = await wrk(producer, 8, "records.lua", [String(LINES)]);
      mine.push({ ...run, rate: run.rate * LINES, cpu_us: run.cpu_us / LINES });
    }];
    if (round % 2) turn.reverse();
    for (const run of turn) await run();
    progress(`records, round ${round + 1} of ${rounds}`);
  }
  progress();
  judge("kafkloud /records", mine);
  judge("bare librdkafka", bare);
  say(`\n## Many records a request: NDJSON, ${LINES} lines of 100-byte values, 8 connections, an outcome for each record\n`);
  say("| side | records/s, median (min..max) | CPU µs a record | memory MB | of bare librdkafka |");
  say("| --- | --- | --- | --- | --- |");
  const row = (name, runs) => {
    const rate = of(runs, "rate");
    say(`| ${name} | ${whole(median(rate))} (${whole(Math.min(...rate))}..${whole(Math.max(...rate))}) | ` +
      `${runs[0].cpu_us ? median(of(runs, "cpu_us")).toFixed(2) : ""} | ${runs[0].rss ? median(of(runs, "rss")).toFixed(0) : ""} | ` +
      `${median(runs.map((run, i) => run.rate / bare[i].rate)).toFixed(2)} |`);
  };
  row("bare librdkafka loop, same header", bare);
  row("kafkloud /records", mine);
}

// ---- the run ----
const home = mkdtempSync(join(tmpdir(), "kafkloud-bench-"));
try {
  const [kafkaPort, barePort, goPort, minePort] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const brokers = `127.0.0.1:${kafkaPort}`;
  start("kafka", join(root, "streamer/streamer"), ["run", "--home", join(home, "kafka"), "--port", String(kafkaPort)]);
  const bare = start("bare_http", bin("bare_http"), [String(barePort)]);
  const mine = start("producer", join(options.build, "release/bin/kafkloud-producer"), [], { SERVER_PORT: String(minePort),
    KAFKA_BOOTSTRAP_SERVERS: brokers, TOPIC_PARTITIONS: String(PARTITIONS), LOG_LEVEL: "warn" });
  await until("producer and Kafka", async () => (await post(minePort)).status === 200);
  const go = start("go-gateway", bin("go-gateway"), [String(goPort), brokers]);
  await until("Go gateway", async () => (await post(goPort)).status === 200);
  await until("bare HTTP", async () => (await post(barePort)).status === 200);
  const sides = [{ name: "bare libmicrohttpd", pid: bare.pid, port: barePort },
    { name: "Go net/http + franz-go", pid: go.pid, port: goPort }, { name: "kafkloud producer", pid: mine.pid, port: minePort }];
  const version = execFileSync(join(options.build, "release/bin/kafkloud-producer"), ["--version"], { encoding: "utf8" }).trim();

  say(`${version}; ${cores} of ${cpus().length} cores (${cpus()[0].model.trim()}), ${whole(totalmem() / 2 ** 30)} GiB; load generator, broker and ` +
    `gateways share them; ${rounds} rounds of ${seconds} s, interleaved; topic of ${PARTITIONS} partitions, acks=all, idempotent`);
  if (options.only.includes("http")) await benchHttp(sides);
  if (options.only.includes("records")) await benchRecords(sides[2], brokers);
  if (options.report) writeFileSync(options.report, lines.join("\n") + "\n");
  if (failures.length) { console.error("\nfailed:\n  " + failures.join("\n  ")); process.exitCode = 1; }
} finally {
  await stopAll();
  rmSync(home, { recursive: true, force: true });
}
