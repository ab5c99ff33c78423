import { screen, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { health, serviceReport } from "../test/fixtures";
import { renderApp } from "../test/renderApp";
import { aSeer, answer, hit, learntTopics, seerDocument } from "../test/seer";
import { type Call, json, serve } from "../test/services";

const ready = ({ path }: Call) => (path === "/api/health" ? json(health(serviceReport({ name: "seer", state: "ready", checks: {} }))) : undefined);

test("a seer that is not there is said not to be, with how to start it", async () => {
  serve(({ path }) => (path === "/api/health" ? json(health(serviceReport({ name: "seer", state: "down", why: "nobody answers", url: "http://127.0.0.1:8030" }))) : undefined));
  await renderApp("/seer");
  expect(await screen.findByText(/The seer is not there/)).toBeTruthy();
  expect(screen.getByText("make up")).toBeTruthy();
});

test("an answer is a sentence with its place, which is a link to it", async () => {
  const calls = serve(ready, aSeer, ({ path }) => (path.startsWith("/api/seer/ask?") ? json(answer()) : undefined));
  await renderApp("/seer");
  await userEvent.type(await screen.findByRole("searchbox", { name: "Question" }), "who ate the flock?{Enter}");
  const said = await screen.findByRole("region", { name: "Answer" });
  expect(within(said).getAllByText("The wolf ate his flock.")).toHaveLength(2); // said, and marked in the source
  expect(within(said).getByRole("link", { name: "fable.txt, line 3" }).getAttribute("href")).toBe("/seer/documents/1?from=40&to=64");
  expect(within(said).getByText("82 % sure")).toBeTruthy();
  expect(calls.some(({ path }) => path.startsWith("/api/seer/ask?q=who%20ate%20the%20flock%3F"))).toBe(true);
  expect(window.location.search).toBe("?q=who+ate+the+flock%3F");
});

test("a message as the source leads to its journey", async () => {
  const from = hit({ kind: "message", topic: "orders", partition: 3, offset: 42, source: "orders/3/42" });
  serve(ready, aSeer, ({ path }) => (path.startsWith("/api/seer/ask?") ? json(answer({ sources: [from] })) : undefined));
  await renderApp("/seer?q=flock");
  expect((await screen.findByRole("link", { name: "orders/3, offset 42" })).getAttribute("href")).toBe("/messages/orders/3/42");
});

test("what is not known is not claimed", async () => {
  serve(ready, aSeer, ({ path }) => (path.startsWith("/api/seer/ask?") ? json(answer({ known: false, answer: "I don't know", confidence: 0.1 })) : undefined));
  await renderApp("/seer?q=moon");
  expect(await screen.findByText("I don't know.")).toBeTruthy();
  expect(screen.getByText("The nearest passages")).toBeTruthy();
  expect(screen.queryByText(/% sure/)).toBeNull();
});

test("passages are searched by words or meaning, as the address has it", async () => {
  const calls = serve(ready, aSeer, ({ path }) =>
    path.startsWith("/api/seer/search?") ? json({ query: "wolf", mode: "words", words_only: null, results: [hit()], took_ms: 0.4, freshness: { topics: 0, behind: 0, behind_ms: 0 } }) : undefined,
  );
  await renderApp("/seer?q=wolf&find=passages&mode=words&topic=orders");
  expect(await screen.findByText("1 passage in 0.4 ms")).toBeTruthy();
  expect(screen.getByText("learns from no topic")).toBeTruthy();
  expect(calls.find(({ path }) => path.startsWith("/api/seer/search?"))?.path).toContain("mode=words&topic=orders");
});

test("a refusal is said in the seer's words", async () => {
  serve(ready, aSeer, ({ path }) =>
    path.startsWith("/api/seer/ask?") ? json({ status: 503, title: "Busy", detail: "all searchers are busy, and 64 wait" }, 503) : undefined,
  );
  await renderApp("/seer?q=wolf");
  expect(await screen.findByText("All searchers are busy, and 64 wait.")).toBeTruthy();
});

test("a file is loaded under its name, and one that is refused says why", async () => {
  const calls = serve(ready, aSeer, ({ method, path }) => {
    if (method !== "PUT") return undefined;
    return path.includes("a.txt")
      ? json({ id: 2, source: "a.txt", passages: 7, kind: "document", replaced: false }, 201)
      : json({ status: 400, title: "Bad", detail: "byte 0 is no text" }, 400);
  });
  await renderApp("/seer?tab=documents");
  await userEvent.upload(await screen.findByLabelText("Files to load"), [new File(["a"], "a.txt", { type: "text/plain" }), new File(["b"], "b.md")]);
  const list = await screen.findByRole("list", { name: "Being loaded" });
  expect(await within(list).findByText("7 passages")).toBeTruthy();
  expect(await within(list).findByText("Byte 0 is no text.")).toBeTruthy();
  expect(calls.filter(({ method }) => method === "PUT").map(({ path }) => path)).toEqual(["/api/seer/documents?source=a.txt", "/api/seer/documents?source=b.md"]);
});

test("a document opens at the cited place, marked", async () => {
  serve(ready, aSeer, ({ path }) =>
    path.startsWith("/api/seer/documents/1?") ? json({ ...seerDocument(), text: "There was a boy. The wolf ate his flock.", span: [0, 40] }) : undefined,
  );
  await renderApp("/seer/documents/1?from=17&to=40");
  expect((await screen.findByText("The wolf ate his flock.")).tagName).toBe("MARK");
});

test("a document is deleted by a second press", async () => {
  const calls = serve(ready, aSeer, ({ method }) => (method === "DELETE" ? new Response(null, { status: 204 }) : undefined));
  await renderApp("/seer?tab=documents");
  await userEvent.click(await screen.findByRole("button", { name: "Delete fable.txt" }));
  expect(calls.some(({ method }) => method === "DELETE")).toBe(false);
  await userEvent.click(screen.getByRole("button", { name: "Delete fable.txt for good" }));
  expect(calls.find(({ method }) => method === "DELETE")?.path).toBe("/api/seer/documents/1");
});

test("topics are chosen by name, and each says how far it is", async () => {
  const calls = serve(ready, ({ method, path }) => {
    if (path !== "/api/seer/topics") return undefined;
    return json(method === "POST" ? learntTopics({ learning: "chosen", chosen: ["orders"] }) : learntTopics());
  }, aSeer);
  await renderApp("/seer?tab=topics");
  expect(await screen.findByText("10 messages behind")).toBeTruthy();
  await userEvent.click(screen.getByRole("radio", { name: "These alone" }));
  await userEvent.click(screen.getByRole("checkbox", { name: "orders" }));
  await userEvent.click(screen.getByRole("button", { name: "Learn" }));
  expect(calls.find(({ method }) => method === "POST")?.body).toBe('{"topics":["orders"],"from":"beginning"}');
});
