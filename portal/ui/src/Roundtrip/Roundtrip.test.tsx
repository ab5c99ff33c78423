// The screen with its real providers; the services answer from fixtures.
import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { ID, answer, receipt, timeout, totals } from "../test/fixtures";
import { renderApp } from "../test/renderApp";
import { type Call, FakeStream, json, serve, silence } from "../test/services";

const isDone = () => within(screen.getByRole("region", { name: "IsDone" }));
/** Looked up anew each time: its place is kept by another element until its code is there. */
const isDoneSays = (text: string) => waitFor(() => isDone().getByText(text));
const idOf = (calls: Call[]) => calls.find(({ method, path }) => method === "POST" && path.includes("/produce/"))?.headers.get("Idempotency-Key") ?? "";
const isProduce = ({ path }: Call) => path.startsWith("/api/producer/produce/");
const isTotals = ({ method, path }: Call) => method === "GET" && path === "/api/consumer/status";
const isWait = ({ path }: Call) => path.includes("wait=consumed");

async function fill(user: Awaited<ReturnType<typeof renderApp>>, topic: string) {
  const field = screen.getByRole("combobox", { name: "Topic" });
  await user.clear(field);
  await user.type(field, topic);
}

test("a message is shown accepted and acked, then consumed", async () => {
  const waiting: ((receipt: Response) => void)[] = [];
  const calls = serve(
    (call) => (isProduce(call) ? json(answer({ id: idOf(calls) })) : undefined),
    (call) => (isWait(call) ? new Promise((arrived) => waiting.push(arrived)) : undefined),
  );
  const user = await renderApp();
  await fill(user, "orders");
  await user.keyboard("{Control>}{Enter}{/Control}");

  await isDoneSays("In Kafka");
  expect(isDone().getAllByText("512 µs").length).toBeGreaterThan(0);
  await waitFor(() => expect(waiting).toHaveLength(1));
  act(() => waiting[0]?.(json(receipt({ id: idOf(calls) }))));
  await isDoneSays("Done");
  expect(isDone().getByText(/1\.277 ms/)).toBeTruthy();
  expect(isDone().getAllByText(/24\.\d{6}$/)).toHaveLength(3);
});

test("what is sent are the bytes, the type and an id of the page's own", async () => {
  const calls = serve((call) => (isProduce(call) ? silence() : undefined));
  const user = await renderApp();
  const message = screen.getByRole("textbox", { name: "Message" });
  await user.clear(message);
  await user.type(message, 'Grüße,{Enter}  {{"a": 1}');
  await user.type(screen.getByRole("textbox", { name: "Key" }), "a/b");
  await user.click(screen.getByRole("button", { name: "DoIt" }));
  const call = calls.find(isProduce);
  expect(call?.path).toBe("/api/producer/produce/stream/a%2Fb");
  expect(call?.body).toBe('Grüße,\n  {"a": 1}');
  expect(call?.headers.get("Content-Type")).toBe("text/plain; charset=utf-8");
  expect(idOf(calls)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("a wrong topic name is said at the field, and nothing is sent", async () => {
  const calls = serve();
  const user = await renderApp();
  await fill(user, "not a topic");
  await user.click(screen.getByRole("button", { name: "DoIt" }));
  const field = screen.getByRole("combobox", { name: "Topic" });
  expect(field.getAttribute("aria-invalid")).toBe("true");
  expect(document.getElementById(field.getAttribute("aria-describedby") ?? "")?.textContent).toContain("A space");
  expect(document.activeElement).toBe(field);
  expect(calls.some(isProduce)).toBe(false);
});

test("a service's complaint stands at the input it names, and no send is remembered", async () => {
  const problem = { status: 413, title: "Too large", detail: "the value has 2000000 bytes, 1048576 may pass", field: "value", limit: 1_048_576 };
  serve((call) => (isProduce(call) ? json(problem, 413) : undefined));
  const user = await renderApp();
  await user.click(screen.getByRole("button", { name: "DoIt" }));
  await screen.findByText("The value has 2000000 bytes, 1048576 may pass.");
  expect(screen.getByRole("textbox", { name: "Message" }).getAttribute("aria-invalid")).toBe("true");
  expect(screen.queryByRole("region", { name: "Your sends" })).toBeNull();
});

test("a message that is not in Kafka can be sent again under the same id", async () => {
  const calls = serve((call) => (isProduce(call) ? json(timeout("no"), 504) : undefined));
  const user = await renderApp();
  await user.click(screen.getByRole("button", { name: "DoIt" }));
  await isDoneSays("Not in Kafka");
  await user.click(isDone().getByRole("button", { name: "Send again, same id" }));
  await waitFor(() => expect(calls.filter(isProduce)).toHaveLength(2));
  const ids = calls.filter(isProduce).map(({ headers }) => headers.get("Idempotency-Key"));
  expect(new Set(ids).size).toBe(1);
});

test("the topic of one's own message is followed once it was read, from that message on", async () => {
  const waiting: ((receipt: Response) => void)[] = [];
  const calls = serve(
    (call) => (isProduce(call) ? json(answer({ id: idOf(calls) })) : undefined),
    (call) => (isWait(call) ? new Promise((arrived) => waiting.push(arrived)) : undefined),
  );
  const user = await renderApp();
  await fill(user, "orders");
  await user.click(screen.getByRole("button", { name: "DoIt" }));
  await waitFor(() => expect(waiting).toHaveLength(1));
  expect(FakeStream.opened).toHaveLength(0);
  act(() => waiting[0]?.(json(receipt({ id: idOf(calls) }))));
  await screen.findByText("Live");
  expect(FakeStream.opened[0]).toMatchObject({ topics: ["orders"], from: "1763776044000" });
});

test("a topic that cannot be followed says why", async () => {
  const problem = { status: 404, title: "Not found", detail: "there is no topic orders" };
  serve(({ path }) => (path.includes("/consume?") ? json(problem, 404) : undefined));
  const user = await renderApp();
  await user.type(await screen.findByRole("combobox", { name: "Add a topic to follow" }), "orders{Enter}");
  expect(await screen.findByText("Reconnecting: there is no topic orders")).toBeTruthy();
});

test("what is written to a followed topic shows, and a broken stream goes on where it was", async () => {
  serve();
  const user = await renderApp();
  await user.type(await screen.findByRole("combobox", { name: "Add a topic to follow" }), "orders{Enter}");
  await screen.findByText("Live");
  const message = { id: ID, topic: "orders", partition: 0, offset: 0, timestamp_ms: 1, key: "k", value: "hello", headers: [] };
  act(() => FakeStream.open()[0]?.push("streamer", message, "orders:1"));
  await screen.findByText("1 received");
  act(() => FakeStream.open()[0]?.break());
  await screen.findByText(/Reconnecting: The portal gave no answer/);
  await screen.findByText("Live");
  expect(FakeStream.open()[0]?.position).toBe("orders:1");
});

test("what is wrong with a service is said in words", async () => {
  const consumer = { name: "consumer", state: "down", why: "nothing listens", checks: null };
  serve(({ path }) => (path === "/api/health" ? json({ services: [consumer] }) : undefined));
  await renderApp();
  await screen.findByText("The consumer is down (nothing listens).");
  expect(within(screen.getByRole("list", { name: "Services" })).getByText(/down/)).toBeTruthy();
});

test("the totals are shown, and before they come nothing is made up", async () => {
  const waiting: ((totals: Response) => void)[] = [];
  serve((call) => (isTotals(call) ? new Promise((arrived) => waiting.push(arrived)) : undefined));
  await renderApp();
  const figures = within(screen.getByRole("region", { name: "Totals" }));
  expect(figures.getAllByText("–").length).toBe(6);
  act(() => waiting[0]?.(json(totals())));
  expect(await figures.findByText((1042).toLocaleString())).toBeTruthy();
});
