// The health screen with its real providers; services answer from fixtures.
import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Latency } from "../api/hooks/latency";
import { health, serviceReport, totals } from "../test/fixtures";
import { renderApp } from "../test/renderApp";
import { type Call, json, serve } from "../test/services";
import { steward } from "../test/steward";

const MINUTE_MS = 60_000;

const latency = (news: Partial<Latency> = {}): Latency => ({
  topic: null,
  window_s: 3_600,
  step_s: 60,
  count: 17,
  p50: 900,
  p95: 1_800,
  p99: 2_600,
  max: 12_000,
  buckets: [{ le_us: 927, count: 15 }, { le_us: 12_287, count: 2 }],
  steps: [-9, -3].map((minute) => ({
    at: new Date(Math.floor(Date.now() / MINUTE_MS + minute) * MINUTE_MS).toISOString(),
    count: 8,
    p50: 900,
    p95: 1_800,
    p99: 2_600,
    max: 12_000,
  })),
  ...news,
});

type Answers = Record<string, unknown>;

const answering =
  (answers: Answers) =>
  ({ path }: Call) => {
    const answer = Object.entries(answers).find(([start]) => path.startsWith(start))?.[1];
    return answer === undefined ? undefined : json(answer);
  };

const serveAll = (answers: Answers = {}) => serve(answering({ ...answers, "/api/consumer/latency": answers["/api/consumer/latency"] ?? latency() }), steward());

const gone = (detail: string) => json({ title: "Upstream", status: 502, detail }, 502);

const region = async (name: string) => within(await screen.findByRole("region", { name }));

test("every component says what runs, since when, and what it needs", async () => {
  serveAll({ "/api/health": health(serviceReport({ name: "consumer", state: "unready", checks: { kafka: { ready: true }, store: { ready: false, why: "the disk is full" } } })) });
  await renderApp("/health");
  const components = await region("Components");
  const names = components.getAllByRole("heading", { level: 3 }).map(({ textContent }) => textContent);
  expect(names).toEqual(["portal", "producer", "kafka", "consumer", "steward", "seer"]);
  const consumer = within(await components.findByRole("listitem", { name: "consumer" }));
  expect(await consumer.findByText("not ready")).toBeTruthy();
  expect(consumer.getByText("store: the disk is full")).toBeTruthy();
  const producer = within(components.getByRole("listitem", { name: "producer" }));
  expect(producer.getByText("0.1.0 (abc1234)")).toBeTruthy();
  expect(producer.getByText("1 h")).toBeTruthy();
});

test("of a ready component a phone shows the rest when it is asked for", async () => {
  serveAll({ "/api/health": health(serviceReport({ name: "consumer", state: "unready", checks: { store: { ready: false, why: "the disk is full" } } })) });
  const user = await renderApp("/health");
  const producer = within(await (await region("Components")).findByRole("listitem", { name: "producer" }));
  await user.click(await producer.findByRole("button", { name: "More about the producer" }));
  expect(producer.getByRole("button", { name: "More about the producer" }).getAttribute("aria-expanded")).toBe("true");
  expect(screen.queryByRole("button", { name: "More about the consumer" })).toBeNull();
});

test("a seer that is not there is down in its card, and no trouble of the whole page", async () => {
  const seer = serviceReport({ name: "seer", state: "down", why: "nobody answers: start it", version: null, uptime_s: null, checks: null });
  serveAll({ "/api/health": health(seer) });
  await renderApp("/health");
  const card = within(await (await region("Components")).findByRole("listitem", { name: "seer" }));
  expect(await card.findByText("down")).toBeTruthy();
  expect(card.getByText("Nobody answers: start it.")).toBeTruthy();
  expect(screen.getByText(": not there")).toBeTruthy();
  expect(screen.queryByText(/The seer is down/)).toBeNull();
});

test("latency is a chart, a histogram and numbers; the gaps say how long nothing came", async () => {
  serveAll();
  await renderApp("/health");
  const panel = await region("Latency");
  const chart = await panel.findByRole("slider", { name: "Latency, at" });
  expect(chart.getAttribute("aria-valuetext")).toContain("p50 unknown");
  expect(panel.getByRole("img", { name: /The median is 900 µs/ })).toBeTruthy();
  const table = within(panel.getByRole("region", { name: "How many messages took how long, as a table" }));
  expect(table.getAllByRole("row").map((row) => row.textContent)).toEqual(["TookMessagesShare", "896 µs to 1.02 ms1588.2 %", "10.2 ms to 12.3 ms211.8 %"]);
  const gaps = within(panel.getByRole("list", { name: "Longest times without a message" })).getAllByRole("listitem");
  expect(gaps[0]?.textContent).toMatch(/^5 min /);
  expect(gaps[1]?.textContent).toMatch(/^2 min .*may go on$/);
});

test("how far back one looks is in the address", async () => {
  const calls = serveAll();
  const user = await renderApp("/health?window=900");
  await (await region("Latency")).findByRole("slider");
  expect(calls.some(({ path }) => path === "/api/consumer/latency?window=900s")).toBe(true);
  await user.selectOptions(screen.getByRole("combobox", { name: "How far back" }), "Last 24 hours");
  expect(window.location.search).toBe("?window=86400");
});

test("a time without messages says so instead of drawing nothing", async () => {
  serveAll({ "/api/consumer/latency": latency({ count: 0, buckets: [], steps: [] }) });
  await renderApp("/health");
  expect(await screen.findByText("No message in the last hour")).toBeTruthy();
});

test("what the consumer counts is shown, what it does not count is said, and that it stands still", async () => {
  const behind = Array.from({ length: 12 }, (_, n) => ({ topic: `t${n}`, n_consumed: 1, bytes: 1, rate: 0, lag: n }));
  serveAll({ "/api/consumer/status": totals({ paused: "the disk is full", duplicated: 3, by_topic: behind }) });
  await renderApp("/health");
  const panel = await region("Reading");
  expect(await panel.findByText("The consumer stands still: the disk is full")).toBeTruthy();
  expect(panel.getByText("Duplicates").nextSibling?.textContent).toBe("3");
  expect(panel.getByText(/Lost messages and messages out of order are not counted/)).toBeTruthy();
  const rows = within(panel.getByRole("region", { name: "Topics by lag" })).getAllByRole("link");
  expect(rows.map(({ textContent }) => textContent)).toEqual(["t11", "t10", "t9", "t8", "t7", "t6", "t5", "t4", "t3", "t2"]);
});

test("the brokers are listed with the controller", async () => {
  serveAll();
  await renderApp("/health");
  const brokers = within(await screen.findByRole("region", { name: "Brokers" }));
  expect(brokers.getAllByRole("row")[1]?.textContent).toContain("127.0.0.1:9092 controller");
});

test("without consumer and steward each panel says who is missing", async () => {
  serve(({ path }) => {
    if (path.startsWith("/api/consumer/")) return gone("nobody answers for the consumer");
    return path.startsWith("/api/steward/") ? gone("nobody answers for the steward") : undefined;
  });
  await renderApp("/health");
  expect(await screen.findByText("The consumer does not tell the latencies")).toBeTruthy();
  expect(await screen.findByText("The consumer does not tell its figures")).toBeTruthy();
  expect(await screen.findByText("The steward is not there")).toBeTruthy();
});

test("figures that came before stay, with the reason why no newer ones do", async () => {
  let answers = true;
  serve(({ path }) => (path.startsWith("/api/consumer/") && !answers ? gone("the store cannot be read") : undefined), answering({ "/api/consumer/latency": latency() }), steward());
  await renderApp("/health");
  const panel = await region("Reading");
  expect(await panel.findByText("Duplicates")).toBeTruthy();
  answers = false;
  expect(await panel.findByText(/^The store cannot be read\. What stands here is from /)).toBeTruthy();
  expect(panel.getByText("Duplicates")).toBeTruthy();
});
