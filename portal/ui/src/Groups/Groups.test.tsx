// The groups' screens with their real providers; the steward answers from fixtures.
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderApp } from "../test/renderApp";
import { type Call, json, serve } from "../test/services";
import { AS_OF_MS, cluster, groupDetails, groupSummary, steward } from "../test/steward";

const changes = (calls: Call[]) => calls.filter(({ method, path }) => method !== "GET" && !path.includes("dry_run"));
const isDryRun = ({ path }: Call) => path.includes("dry_run=true");
const typedName = () => screen.getByRole("textbox", { name: /^Type the .*name to go on$/ });

test("the list shows every group; one of a newer protocol is unknown, not dead", async () => {
  const unknown = groupSummary({ group: "newer", state: "stable", kind: "unknown with this client", members: null, protocol: null, lag: null });
  serve(steward({ "GET /groups": () => json({ groups: [groupSummary(), unknown], as_of_ms: AS_OF_MS }) }));
  await renderApp("/groups");
  await screen.findByRole("link", { name: "billing" });
  const row = screen.getByRole("link", { name: "newer" }).closest<HTMLElement>('[role="row"]');
  expect(within(row as HTMLElement).getByText("unknown with this client")).toBeTruthy();
  expect(screen.queryByText("dead")).toBeNull();
});

test("a group's name may have anything in it", async () => {
  const calls = serve(steward({ "GET /groups": () => json({ groups: [groupSummary({ group: "a/b %" })], as_of_ms: AS_OF_MS }) }));
  const user = await renderApp("/groups");
  await user.click(await screen.findByRole("link", { name: "a/b %" }));
  await waitFor(() => expect(calls.some(({ path }) => path === "/api/steward/groups/a%2Fb%20%25")).toBe(true));
  expect(screen.getByRole("heading", { level: 1 }).textContent).toContain("a/b %");
});

test("one group shows where it stands in each partition, and the lag over time as numbers, too", async () => {
  const series = [{ topic: "orders", partition: 0, lag: [9, null, 7] }];
  serve(steward({ "GET /groups/billing/lag": () => json({ step_s: 10, from_ms: AS_OF_MS, series }) }));
  await renderApp("/groups/billing");
  const offsets = within(await screen.findByRole("region", { name: "Offsets of billing" }));
  expect(offsets.getAllByRole("row").map((row) => row.textContent)).toContain("ordersby nobody0931007nobody");
  const chart = await screen.findByRole("slider", { name: "Lag of billing, at" });
  expect(chart.getAttribute("aria-valuetext")).toContain("orders/0 7");
  const cells = within(screen.getByRole("region", { name: "Lag of billing, as a table" })).getAllByRole("cell");
  expect(cells.map((cell) => cell.textContent).filter((_, n) => n % 2 === 1)).toEqual(["7", "unknown", "9"]);
});

test("members are shown with what they read", async () => {
  const member = { id: "m-1", client_id: "app", host: "/10.0.0.7", partitions: [{ topic: "orders", partition: 1 }, { topic: "orders", partition: 0 }] };
  serve(steward({ "GET /groups/billing": () => json(groupDetails({ state: "stable", members: [member] })) }));
  await renderApp("/groups/billing?tab=members");
  expect(await screen.findByText("orders 0, 1")).toBeTruthy();
});

test("a reset is previewed, and written only when the name was typed", async () => {
  const changed = { state: "empty", changes: [{ topic: "orders", partition: 0, from: 93, to: 83, clamped: false }, { topic: "orders", partition: 1, from: 100, to: 100, clamped: true }] };
  const calls = serve(steward({ "POST /groups/billing/offsets": () => json(changed) }));
  const user = await renderApp("/groups/billing");
  await user.click(await screen.findByRole("button", { name: "Reset offsets" }));
  await user.selectOptions(screen.getByRole("combobox", { name: "Topic" }), "orders");
  await user.selectOptions(screen.getByRole("combobox", { name: "Where to" }), "By so many messages");
  await waitFor(() => expect(calls.findLast(isDryRun)?.body).toBe('{"topics":["orders"],"to":{"shift":-10}}'));
  const preview = within(await screen.findByRole("region", { name: "What would change" }));
  expect(preview.getByText("10 again")).toBeTruthy();
  expect(preview.getByText("edge")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Reset 1 offset" }));
  expect(changes(calls)).toEqual([]);
  await user.type(typedName(), "billing{Enter}");
  await waitFor(() => expect(changes(calls).map(({ path, body }) => [path, body])).toEqual([["/api/steward/groups/billing/offsets", '{"topics":["orders"],"to":{"shift":-10}}']]));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("a reset that members stand in the way of says so before anything is typed", async () => {
  const changed = { state: "stable", changes: [{ topic: "orders", partition: 0, from: 93, to: 0, clamped: false }] };
  const calls = serve(steward({ "POST /groups/billing/offsets": () => json(changed) }));
  const user = await renderApp("/groups/billing");
  await user.click(await screen.findByRole("button", { name: "Reset offsets" }));
  await screen.findByText(/^Consumers are in the group/);
  expect(screen.getByRole("region", { name: "What would change" })).toBeTruthy();
  await user.type(typedName(), "billing{Enter}");
  expect(changes(calls)).toEqual([]);
});

test("unsubscribing shows what is forgotten", async () => {
  const calls = serve(steward({ "DELETE /groups/billing/topics/orders": (call) => (isDryRun(call) ? json({ state: "empty", changes: [{ topic: "orders", partition: 0, from: 93, to: null, clamped: false }] }) : new Response(null, { status: 204 })) }));
  const user = await renderApp("/groups/billing");
  await user.click(await screen.findByRole("button", { name: "Unsubscribe" }));
  const preview = within(await screen.findByRole("region", { name: "What would change" }));
  expect(preview.getByText("forgotten")).toBeTruthy();
  await user.type(typedName(), "billing{Enter}");
  await waitFor(() => expect(changes(calls).map(({ path }) => path)).toEqual(["/api/steward/groups/billing/topics/orders"]));
});

test("a group is deleted when its name was typed, and not where the steward would refuse", async () => {
  let members = true;
  const problem = { status: 409, title: "Conflict", detail: "the group has members" };
  const calls = serve(
    steward({ "DELETE /groups/billing": (call) => (members ? json(problem, 409) : isDryRun(call) ? json({ state: "empty", changes: [] }) : new Response(null, { status: 204 })) }),
  );
  const user = await renderApp("/groups/billing");
  await user.click(await screen.findByRole("button", { name: "Delete" }));
  await screen.findByText("The group has members.");
  await user.type(typedName(), "billing{Enter}");
  expect(changes(calls)).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  members = false;
  await user.click(screen.getByRole("button", { name: "Delete" }));
  await user.type(typedName(), "billing");
  await waitFor(() => expect(screen.getByRole("button", { name: "Delete the group" }).getAttribute("aria-disabled")).toBe("false"));
  await user.keyboard("{Enter}");
  await waitFor(() => expect(window.location.pathname).toBe("/groups"));
});

test("a read-only steward's changes are not offered", async () => {
  serve(steward({ "GET /cluster": () => json(cluster({ read_only: true })) }));
  await renderApp("/groups/billing");
  await screen.findByText("read-only");
  await screen.findByRole("region", { name: "Offsets of billing" });
  for (const name of ["Reset offsets", "Unsubscribe", "Delete"]) expect(screen.queryByRole("button", { name })).toBeNull();
});
