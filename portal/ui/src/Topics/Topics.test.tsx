// The topics' screens with their real providers; the steward answers from fixtures.
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { renderApp } from "../test/renderApp";
import { type Call, json, serve } from "../test/services";
import { AS_OF_MS, browsed, cluster, setting, steward, topicDetails, topicSummary } from "../test/steward";

const names = () => screen.getAllByRole("rowheader").map((cell) => within(cell).getByRole("link").textContent);
const changes = (calls: Call[]) => calls.filter(({ method, path }) => method !== "GET" && !path.includes("dry_run"));
const topics = (...list: Parameters<typeof topicSummary>[0][]) => ({
  "GET /topics": () => json({ topics: list.map((news) => topicSummary(news)), as_of_ms: AS_OF_MS }),
});

test("the list shows every topic, and says why what is not known is not", async () => {
  const tellsBytes = cluster({ can: { topic_bytes: true, incremental_settings: false, kip848_groups: false } });
  serve(steward({ "GET /cluster": () => json(tellsBytes), ...topics({ name: "orders", bytes: null }, { name: "payments", bytes: 1_200, lag: null }) }));
  await renderApp("/topics");
  await screen.findByRole("link", { name: "orders" });
  expect(names()).toEqual(["orders", "payments"]);
  expect(await screen.findByText("1.2 kB")).toBeTruthy(); // when the cluster has told what it can
  expect(screen.getByTitle(/has not seen it yet/)).toBeTruthy();
  expect(screen.getByTitle(/no group has committed/)).toBeTruthy();
});

test("a steward that can never tell how large topics are has no column for it", async () => {
  serve(steward(topics({ name: "orders" })));
  await renderApp("/topics");
  await screen.findByRole("link", { name: "orders" });
  expect(await screen.findByRole("columnheader", { name: "Lag" })).toBeTruthy();
  expect(screen.queryByRole("columnheader", { name: "Bytes" })).toBeNull();
});

test("filter and order are in the address and come from there", async () => {
  serve(steward(topics({ name: "a-1", messages: 1 }, { name: "a-2", messages: 9 }, { name: "b" })));
  const user = await renderApp("/topics?filter=A&sort=-messages");
  await screen.findByRole("link", { name: "a-2" });
  expect(names()).toEqual(["a-2", "a-1"]);
  await user.click(screen.getByRole("button", { name: "Topic" }));
  expect(names()).toEqual(["a-1", "a-2"]);
  await user.clear(screen.getByRole("searchbox"));
  await waitFor(() => expect(names()).toEqual(["a-1", "a-2", "b"]));
  expect(window.location.search).toBe("?sort=name");
});

test("of a thousand topics only those in sight are in the document, and the arrow keys reach the others", async () => {
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(400);
  serve(steward(topics(...Array.from({ length: 1_000 }, (_, n) => ({ name: `topic-${n}` })))));
  const user = await renderApp("/topics");
  const first = await screen.findByRole("link", { name: "topic-0" });
  expect(screen.getAllByRole("row").length).toBeLessThan(40);
  expect(screen.getByRole("table", { name: "Topics" }).getAttribute("aria-rowcount")).toBe("1001");
  first.focus();
  await user.keyboard("{End}");
  expect(document.activeElement?.textContent).toBe("topic-999");
  await user.keyboard("{ArrowUp}{Enter}");
  expect(window.location.pathname).toBe("/topics/topic-998");
});

test("internal topics are asked for when one wants to see them", async () => {
  const calls = serve(steward());
  const user = await renderApp("/topics");
  await screen.findByRole("link", { name: "orders" });
  expect(calls.some(({ path }) => path.includes("internal"))).toBe(false);
  await user.click(screen.getByRole("checkbox", { name: "Internal ones, too" }));
  await waitFor(() => expect(calls.some(({ path }) => path.endsWith("/topics?internal=true"))).toBe(true));
});

test("a steward that is not there is said, with how to start it", async () => {
  serve(({ path }) => (path.startsWith("/api/steward") ? json({ status: 502, title: "Upstream", detail: "nothing listens at 8060" }, 502) : undefined));
  await renderApp("/topics");
  await screen.findByText("The steward is not there");
  expect(screen.getByText("make up")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Create a topic" })).toBeNull();
});

test("a Kafka that gives no answer is not taken for a steward that is not there", async () => {
  serve(steward({ "GET /topics/orders": () => json({ status: 504, title: "Timeout", detail: "looking at the topic: timed out" }, 504) }));
  await renderApp("/topics/orders");
  await screen.findByText("Looking at the topic: timed out.");
  expect(screen.queryByText("The steward is not there")).toBeNull();
});

test("a read-only steward's changes are not offered", async () => {
  serve(steward({ "GET /cluster": () => json(cluster({ read_only: true })) }));
  await renderApp("/topics/orders?tab=settings");
  await screen.findByRole("cell", { name: "retention.ms" });
  await screen.findByText("read-only");
  for (const name of ["Add partitions", "Empty", "Delete", "Change retention.ms"]) {
    expect(screen.queryByRole("button", { name })).toBeNull();
  }
});

test("the way back leads to the list as it was left", async () => {
  serve(steward(topics({ name: "orders" }, { name: "payments" })));
  const user = await renderApp("/topics?filter=or&sort=-messages");
  await user.click(await screen.findByRole("link", { name: "orders" }));
  await screen.findByRole("heading", { name: "orders" });
  const ways = screen.getAllByRole("link", { name: "Topics" }).map((link) => link.getAttribute("href"));
  expect(ways).toContain("/topics?filter=or&sort=-messages");
});

test("a topic is created after the broker was asked without making it", async () => {
  const made: Call[] = [];
  serve(
    steward({
      "POST /topics": (call) => {
        made.push(call);
        return json({}, call.path.includes("dry_run") ? 200 : 201);
      },
    }),
  );
  const user = await renderApp("/topics");
  await user.click(await screen.findByRole("button", { name: "Create a topic" }));
  const name = screen.getByRole("textbox", { name: "Name" });
  await user.type(name, "orders");
  await screen.findByText("There is a topic orders already.");
  await user.type(name, "-2");
  await screen.findByText("The broker would take it.");
  await user.click(screen.getByRole("button", { name: "Create" }));
  await waitFor(() => expect(window.location.pathname).toBe("/topics/orders-2"));
  expect(made.map(({ path }) => path)).toEqual(["/api/steward/topics?dry_run=true", "/api/steward/topics"]);
  expect(JSON.parse(made[1]?.body ?? "")).toEqual({ name: "orders-2", partitions: 1, replication: 1, settings: {} });
});

test("what the broker refuses stands at its field", async () => {
  const problem = { status: 400, title: "Invalid", detail: "unknown setting no.such", field: "settings" };
  serve(steward({ "POST /topics": () => json(problem, 400) }));
  const user = await renderApp("/topics");
  await user.click(await screen.findByRole("button", { name: "Create a topic" }));
  await user.type(screen.getByRole("textbox", { name: "Name" }), "new");
  await user.type(screen.getByRole("textbox", { name: "Further settings" }), "no.such=1");
  await screen.findByText("Unknown setting no.such.");
  expect(screen.getByRole("button", { name: "Create" }).getAttribute("aria-disabled")).toBe("true");
});

test("a topic is deleted only when its name was typed", async () => {
  const calls = serve(steward({ "DELETE /topics/orders": () => new Response(null, { status: 204 }) }));
  const user = await renderApp("/topics/orders");
  await user.click(await screen.findByRole("button", { name: "Delete" }));
  await user.click(screen.getByRole("button", { name: "Delete the topic" }));
  await user.type(screen.getByRole("textbox", { name: "Type the name to go on" }), "order{Enter}");
  expect(changes(calls)).toEqual([]);
  await user.type(screen.getByRole("textbox", { name: "Type the name to go on" }), "s{Enter}");
  await waitFor(() => expect(window.location.pathname).toBe("/topics"));
  expect(changes(calls).map(({ method, path }) => `${method} ${path}`)).toEqual(["DELETE /api/steward/topics/orders"]);
});

test("one partition is emptied when it was chosen and the name typed", async () => {
  const calls = serve(steward({ "POST /topics/orders/empty": () => json({ partitions: [] }) }));
  const user = await renderApp("/topics/orders");
  await user.click(await screen.findByRole("button", { name: "Empty" }));
  await user.selectOptions(screen.getByRole("combobox", { name: "Which" }), "Partition 1");
  await user.type(screen.getByRole("textbox", { name: "Type the name to go on" }), "orders{Enter}");
  await waitFor(() => expect(changes(calls)).toHaveLength(1));
  expect(changes(calls)[0]?.body).toBe('{"partitions":[1]}');
});

test("partitions are added, never taken away", async () => {
  const calls = serve(steward({ "POST /topics/orders/partitions": () => json({}) }));
  const user = await renderApp("/topics/orders");
  await user.click(await screen.findByRole("button", { name: "Add partitions" }));
  const field = screen.getByRole("textbox", { name: "Partitions in all" });
  await user.clear(field);
  await user.type(field, "3{Enter}");
  expect(changes(calls)).toEqual([]);
  await user.clear(field);
  await user.type(field, "6{Enter}");
  await waitFor(() => expect(changes(calls)[0]?.body).toBe('{"total":6}'));
});

test("settings that differ from the default stand first, and one goes back to it", async () => {
  const calls = serve(
    steward({
      "GET /topics/orders/settings": () =>
        json({ settings: [setting({ name: "cleanup.policy", value: "delete" }), setting({ value: "1000", default: false, source: "dynamic" })] }),
      "PATCH /topics/orders/settings": () => json({ settings: [setting()] }),
    }),
  );
  const user = await renderApp("/topics/orders?tab=settings");
  await screen.findByRole("cell", { name: "retention.ms" });
  expect(screen.getAllByRole("button", { name: /^Change / }).map((button) => button.getAttribute("aria-label"))).toEqual([
    "Change retention.ms",
    "Change cleanup.policy",
  ]);
  await user.click(screen.getByRole("button", { name: "Change retention.ms" }));
  await user.click(screen.getByRole("button", { name: "Put retention.ms back to the default" }));
  const preview = await screen.findByRole("list", { name: "What would change" });
  expect(preview.textContent).toBe("retention.ms from 1000 (1 s) to 604800000 (7 d), the default");
  expect(changes(calls)).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(changes(calls)[0]?.body).toBe('{"settings":{"retention.ms":null}}'));
});

test("browsing shows the newest first, one message in full, and turns the page by its cursor", async () => {
  const calls = serve(
    steward({ "GET /topics/orders/messages": () => json({ messages: [browsed(1), browsed(2, { value: null })], next: null, previous: "0:1", whole: true }) }),
  );
  const user = await renderApp("/topics/orders?tab=browse&partition=0");
  const rows = await screen.findAllByRole("button", { name: /key \d/ });
  expect(rows.map((row) => /key \d/.exec(row.textContent ?? "")?.[0])).toEqual(["key 2", "key 1"]);
  expect(rows[0]?.textContent).toContain("tombstone");
  await user.click(rows[1] as HTMLElement);
  expect((await screen.findByRole("group", { name: "The value as Text" })).textContent).toBe("value 1");
  await user.click(screen.getByRole("button", { name: "Older" }));
  await waitFor(() => expect(calls.at(-1)?.path).toBe("/api/steward/topics/orders/messages?cursor=0%3A1&limit=50"));
  expect(window.location.search).toContain("page=0%3A1");
});

test("an offset wants a partition", async () => {
  serve(steward());
  const user = await renderApp("/topics/orders?tab=browse");
  await user.selectOptions(await screen.findByRole("combobox", { name: "From" }), "From an offset");
  await user.click(screen.getByRole("button", { name: "Show" }));
  await screen.findByText("An offset belongs to one partition: choose one.");
  await user.selectOptions(screen.getByRole("combobox", { name: "Partition" }), "1");
  await user.click(screen.getByRole("button", { name: "Show" }));
  await waitFor(() => expect(window.location.search).toContain("partition=1&from=offset&at=0"));
});

test("a topic that is not there is said as such", async () => {
  serve(steward({ "GET /topics/orders": () => json({ status: 404, title: "Not found", detail: "there is no topic orders" }, 404) }));
  await renderApp("/topics/orders");
  expect(await screen.findByText("There is no topic orders.")).toBeTruthy();
});

test("partitions without a leader and behind replicas are marked", async () => {
  const partitions = [{ partition: 0, leader: null, replicas: [1, 2], isr: [1], low: null, high: null, messages: null }];
  serve(steward({ "GET /topics/orders": () => json(topicDetails({ partitions })) }));
  await renderApp("/topics/orders");
  await screen.findByText("no leader");
  expect(screen.getByText("1 behind")).toBeTruthy();
});
