// The screen with its real providers; the services answer from fixtures.
import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { ID, answer, receipt, timeout, totals } from "../test/fixtures";
import { renderApp } from "../test/renderApp";
import { steward, topicDetails } from "../test/steward";
import { type Call, FakeStream, json, serve, silence } from "../test/services";

const isDone = () => within(screen.getByRole("region", { name: "IsDone" }));
/** Looked up anew each time: its place is kept by another element until its code is there. */
const isDoneSays = (text: string) => waitFor(() => isDone().getByText(text));
const idOf = (calls: Call[]) => calls.find(({ method, path }) => method === "POST" && path.includes("/produce/"))?.headers.get("Idempotency-Key") ?? "";
const isProduce = ({ path }: Call) => path.startsWith("/api/producer/produce/");
const isRecords = ({ path }: Call) => path.startsWith("/api/producer/records/");
const recordsOf = ({ body }: Call) => body.trim().split("\n").map((line) => JSON.parse(line) as { id: string });
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
  await waitFor(() => expect(calls.some(isProduce)).toBe(true));
  const call = calls.find(isProduce);
  expect(call?.path).toBe("/api/producer/produce/stream/a%2Fb");
  expect(call?.body).toBe('Grüße,\n  {"a": 1}');
  expect(call?.headers.get("Content-Type")).toBe("text/plain; charset=utf-8");
  expect(idOf(calls)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("JSON is checked before it is sent, with line and column, and is sent as application/json", async () => {
  const calls = serve((call) => (isProduce(call) ? silence() : undefined));
  const user = await renderApp();
  await user.click(screen.getByRole("radio", { name: "JSON" }));
  const message = screen.getByRole("textbox", { name: "Message" });
  await user.clear(message);
  await user.type(message, '{{"a": 1');
  await user.click(screen.getByRole("button", { name: "DoIt" }));
  await waitFor(() => expect(document.activeElement).toBe(message));
  expect(screen.getByText("Not JSON: its end is missing, line 1, column 8.")).toBeTruthy();
  expect(calls.some(isProduce)).toBe(false);
  await user.type(message, "}");
  await user.click(screen.getByRole("button", { name: "DoIt" }));
  await waitFor(() => expect(calls.find(isProduce)?.headers.get("Content-Type")).toBe("application/json"));
});

test("a message goes over to hex, and its headers go with it as they are", async () => {
  const calls = serve((call) => (isRecords(call) ? new Response(JSON.stringify(answer())) : undefined));
  const user = await renderApp();
  await user.click(screen.getByRole("radio", { name: "Hex" }));
  const message = screen.getByRole("textbox", { name: "Message" });
  await waitFor(() => expect(message).toHaveProperty("value", "48 65 6c 6c 6f 2c 20 4b 61 66 6b 61 2e"));
  await user.clear(message);
  await user.type(message, "00 ff");
  await user.click(screen.getByRole("button", { name: "Headers" }));
  await user.type(await screen.findByRole("textbox", { name: "Name of header 1" }), "Trace-Id");
  await user.type(screen.getByRole("textbox", { name: "Value of header 1" }), "grün");
  await user.click(screen.getByRole("button", { name: "DoIt" }));
  await isDoneSays("In Kafka");
  const call = calls.find(isRecords);
  expect(call?.path).toBe("/api/producer/records/stream");
  expect(JSON.parse(call?.body ?? "")).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    key: null,
    value_base64: "AP8=",
    headers: { "Trace-Id": "grün", "content-type": "application/octet-stream" },
  });
});

/** A burst's nth message, a tenth of a second after the one before. */
function read(id: string, n: number) {
  const { accepted_us, consumed_us } = receipt();
  const laterUs = n * 100_000;
  return receipt({ id, accepted_us: (accepted_us ?? 0) + laterUs, consumed_us: (consumed_us ?? 0) + laterUs });
}

test("a burst's outcomes are counted, and its latencies drawn and said in words", async () => {
  serve(
    (call) => (isRecords(call) ? new Response(recordsOf(call).map(({ id }) => JSON.stringify(answer({ id }))).join("\n")) : undefined),
    ({ method, path, body }) =>
      method === "POST" && path === "/api/consumer/status" ? json({ receipts: JSON.parse(body).ids.map(read) }) : undefined,
  );
  const user = await renderApp();
  await user.click(screen.getByRole("button", { name: "Burst" }));
  const many = await screen.findByRole("textbox", { name: "Messages" });
  await user.clear(many);
  await user.type(many, "0");
  expect(screen.getByText(/^1 to 100.000\.$/)).toBeTruthy();
  await user.clear(many);
  await user.type(many, "30{Enter}");
  await screen.findByText("Done: all that were sent have been read.");
  const panel = within(screen.getByRole("region", { name: "Burst" }));
  expect(panel.getByText("p50 512 µs, p95 512 µs, p99 512 µs, longest 512 µs")).toBeTruthy();
  expect(panel.getByRole("slider", { name: "Accepted to consumed, at" })).toBeTruthy();
  expect(panel.getByRole("row", { name: /≤ 2 ms 30/ })).toBeTruthy();
  await user.click(panel.getByRole("button", { name: "Close the burst" }));
  expect(screen.queryByRole("region", { name: "Burst" })).toBeNull();
});

test("a topic that is not there can be made before anything is sent to it", async () => {
  const calls = serve(steward({ "POST /topics": () => json(topicDetails({ name: "invoices" }), 201) }));
  const user = await renderApp();
  await fill(user, "invoices");
  await user.click(await screen.findByRole("button", { name: /partitions and settings/ }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByRole("textbox", { name: "Name" })).toHaveProperty("value", "invoices");
  await user.click(dialog.getByRole("button", { name: "Create" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(calls.some(({ method, path, body }) => method === "POST" && path === "/api/steward/topics" && body.includes("invoices"))).toBe(true);
  expect(calls.some(isProduce)).toBe(false);
});

test("a wrong topic name is said at the field, and nothing is sent", async () => {
  const calls = serve();
  const user = await renderApp();
  await fill(user, "not a topic");
  await user.click(screen.getByRole("button", { name: "DoIt" }));
  const field = screen.getByRole("combobox", { name: "Topic" });
  await waitFor(() => expect(document.activeElement).toBe(field));
  expect(field.getAttribute("aria-invalid")).toBe("true");
  expect(document.getElementById(field.getAttribute("aria-describedby") ?? "")?.textContent).toContain("A space");
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

test("a topic can be followed from its beginning, and filtered", async () => {
  serve();
  const user = await renderApp();
  await user.selectOptions(await screen.findByRole("combobox", { name: "Where the added topic begins" }), "from the beginning");
  await user.type(screen.getByRole("combobox", { name: "Add a topic to follow" }), "orders{Enter}");
  await screen.findByText("Live");
  expect(FakeStream.opened[0]).toMatchObject({ topics: ["orders"], from: "earliest" });
  const message = { id: ID, topic: "orders", partition: 0, offset: 0, timestamp_ms: 1, key: "k", value: '{"n": 1}', headers: [] };
  act(() => FakeStream.open()[0]?.push("streamer", message, "orders:1"));
  await screen.findByText("1 received");
  await user.type(screen.getByRole("searchbox", { name: "Filter the messages" }), "value.n=2");
  await screen.findByText("0 of 1 pass the filter");
  act(() => FakeStream.open()[0]?.push("streamer", { ...message, offset: 1, value: '{"n": 2}' }, "orders:2"));
  await screen.findByText("1 of 2 pass the filter");
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
