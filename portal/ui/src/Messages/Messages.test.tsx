// The screen with its real providers; consumer and steward answer from fixtures.
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { ID, receipt } from "../test/fixtures";
import { renderApp } from "../test/renderApp";
import { type Call, json, serve } from "../test/services";
import { browsed } from "../test/steward";

const found = () => within(screen.getByRole("region", { name: "Messages found" }));
const message = () => screen.findByRole("region", { name: "Message" });
const page = (receipts: unknown[], next: string | null = null) => json({ receipts, next, key_index: { behind: 0 } });

const receiptsAre = (...receipts: unknown[]) => ({ path }: Call) => (path.startsWith("/api/consumer/receipts") ? page(receipts) : undefined);
const receiptIs = (answer: unknown, status = 200) => ({ path }: Call) => (path.startsWith("/api/consumer/status/") ? json(answer, status) : undefined);
const contentIs = (answer: unknown, status = 200) => ({ path }: Call) => (path.includes("/api/steward/topics/orders/messages/3/42") ? json(answer, status) : undefined);
const asked = (calls: Call[]) => calls.filter(({ path }) => path.startsWith("/api/consumer/receipts")).map(({ path }) => path.split("?")[1]);

test("receipts are listed, and one leads to its message with headers and value", async () => {
  const content = browsed(42, { partition: 3, value: '{"order": 1042}', headers: [{ name: "content-type", value: "application/json" }] });
  serve(receiptsAre(receipt()), receiptIs(receipt()), contentIs(content));
  const user = await renderApp("/messages?topic=orders");
  await user.click(await found().findByRole("link", { name: /orders ?\/3\/42/ }));
  expect(window.location.pathname + window.location.search).toBe(`/messages/${ID}?topic=orders`);
  expect(await screen.findByText("Done")).toBeTruthy();
  const shown = within(await message());
  expect(await shown.findByText("content-type")).toBeTruthy();
  expect(await shown.findByText("1042")).toBeTruthy();
  await user.click(shown.getByRole("radio", { name: "Hex" }));
  expect(await shown.findByText(/7b 22 6f 72/)).toBeTruthy();
});

test("what is searched for is asked of the consumer and stands in the address", async () => {
  const calls = serve(receiptsAre());
  const user = await renderApp("/messages");
  await user.type(screen.getByRole("combobox", { name: "Topic" }), "orders");
  await user.type(screen.getByRole("textbox", { name: "Key" }), "customer 9");
  await user.click(screen.getByRole("button", { name: "Search" }));
  await found().findByText("No message fits");
  expect(window.location.search).toBe("?topic=orders&key=customer+9");
  expect(asked(calls).at(-1)).toBe("topic=orders&key=customer%209&limit=50");
});

test("an id leads straight to its message, and what is no id is said to be none", async () => {
  serve(receiptsAre(), receiptIs(receipt()));
  const user = await renderApp("/messages");
  const field = screen.getByRole("textbox", { name: "Id" });
  await user.type(field, "nonsense{Enter}");
  expect(await screen.findByText("An id is a UUID, or topic/partition/offset.")).toBeTruthy();
  await user.clear(field);
  await user.type(field, `${ID}{Enter}`);
  expect(window.location.pathname).toBe(`/messages/${ID}`);
  expect(await screen.findByText("Done")).toBeTruthy();
});

test("older ones come a page at a time", async () => {
  const calls = serve(({ path }) => {
    if (!path.startsWith("/api/consumer/receipts")) return undefined;
    return path.includes("before=c1") ? page([receipt({ offset: 41 })]) : page([receipt()], "c1");
  });
  const user = await renderApp("/messages");
  await user.click(await found().findByRole("button", { name: "Older ones" }));
  await found().findByRole("link", { name: /orders ?\/3\/41/ });
  expect(found().getAllByRole("link")).toHaveLength(2);
  expect(asked(calls)).toEqual(["limit=50", "before=c1&limit=50"]);
});

test("without the steward the journey is shown, and how to start it", async () => {
  serve(receiptsAre(receipt()), receiptIs(receipt()), contentIs({ status: 502, title: "Upstream", detail: "nobody answers for the steward" }, 502));
  await renderApp(`/messages/${ID}`);
  expect(await screen.findByText("Done")).toBeTruthy();
  expect(await within(await message()).findByText("The steward is not there")).toBeTruthy();
  expect(within(await message()).getByText("make up")).toBeTruthy();
});

test("when the consumer cannot be asked, that is said, and asking again is offered", async () => {
  let down = true;
  serve(({ path }) => {
    if (!path.startsWith("/api/consumer/receipts")) return undefined;
    return down ? json({ status: 502, title: "Upstream", detail: "nobody answers for the consumer" }, 502) : page([receipt()]);
  });
  const user = await renderApp("/messages");
  expect(await found().findByText(/Nobody answers for the consumer/)).toBeTruthy();
  down = false;
  await user.click(found().getByRole("button", { name: "Look again" }));
  expect(await found().findByRole("link", { name: /orders ?\/3\/42/ })).toBeTruthy();
});

test("a message that nobody knows is said not to be known", async () => {
  serve(receiptsAre(), receiptIs({ status: 410, title: "Gone", detail: "retention removed it" }, 410));
  await renderApp(`/messages/${ID}`);
  expect(await screen.findByText("No longer known")).toBeTruthy();
});

test("produce again opens the first screen with the form filled in, and sends nothing", async () => {
  const content = browsed(42, { partition: 3, key: "customer-9", value: "once more", headers: [] });
  const calls = serve(receiptsAre(), receiptIs(receipt()), contentIs(content));
  const user = await renderApp(`/messages/${ID}`);
  await user.click(await screen.findByRole("button", { name: "Produce again" }));
  await waitFor(() => expect(window.location.pathname).toBe("/"));
  expect(((await screen.findByRole("textbox", { name: "Message" })) as HTMLTextAreaElement).value).toBe("once more");
  expect((screen.getByRole("combobox", { name: "Topic" }) as HTMLInputElement).value).toBe("orders");
  expect((screen.getByRole("textbox", { name: "Key" }) as HTMLInputElement).value).toBe("customer-9");
  expect(calls.some(({ path }) => path.includes("/produce/"))).toBe(false);
});
