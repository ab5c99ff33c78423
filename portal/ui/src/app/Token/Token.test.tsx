// A portal that wants a token.
import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { beginWithToken } from "../../api/token";
import { renderApp } from "../../test/renderApp";
import { type Call, json, serve } from "../../test/services";

const UNAUTHORIZED = { title: "Unauthorized", status: 401, detail: "a bearer token is needed", field: "Authorization" };
const carries = ({ headers }: Call, token: string) => headers.get("Authorization") === `Bearer ${token}`;

let token = "s3cret";
let calls: Call[] = [];
beforeEach(() => {
  sessionStorage.clear();
  token = "s3cret";
  calls = serve((call) => {
    if (call.path.startsWith("/api/") && !carries(call, token)) return json(UNAUTHORIZED, 401);
    return call.method === "HEAD" ? new Response(null) : undefined;
  });
  beginWithToken();
});

const dialog = () => screen.findByRole("dialog", { name: "This portal wants a token" });
const field = async () => within(await dialog()).getByLabelText("Token");

test("a call that is refused asks for the token; the right one lets all calls through, for this tab", async () => {
  const user = await renderApp();
  await user.type(await field(), "s3cret{Enter}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await waitFor(() => expect(calls.some((call) => call.path === "/api/consumer/status" && carries(call, "s3cret"))).toBe(true));
  expect(sessionStorage.getItem("kafkloud.token")).toBe("s3cret");
  expect(localStorage.getItem("kafkloud.token")).toBeNull();
});

test("it is kept in the browser when that is asked for", async () => {
  const user = await renderApp();
  await user.click(within(await dialog()).getByRole("checkbox", { name: /^Keep it/ }));
  await user.type(await field(), "s3cret{Enter}");
  await waitFor(() => expect(localStorage.getItem("kafkloud.token")).toBe("s3cret"));
  expect(sessionStorage.getItem("kafkloud.token")).toBeNull();
});

test.each([
  ["wrong", "The portal does not take this token."],
  ["two words", "A token has only letters, digits and signs of ASCII, and no blanks."],
  [" ", "Without a token the portal answers nothing."],
])("a token %j is said to be wrong, and not kept", async (given, why) => {
  const user = await renderApp();
  await user.type(await field(), `${given}{Enter}`);
  expect(await screen.findByText(why)).toBeDefined();
  expect(sessionStorage.getItem("kafkloud.token")).toBeNull();
});

test("closed, the window comes back from the notice", async () => {
  const user = await renderApp();
  await user.click(within(await dialog()).getByRole("button", { name: "Not now" }));
  await user.click(screen.getByRole("button", { name: "Give the token" }));
  expect(await dialog()).toBeDefined();
});

test("one that was kept goes with the first call; when the portal has another, that is asked for", async () => {
  sessionStorage.setItem("kafkloud.token", "s3cret");
  beginWithToken();
  await renderApp();
  await screen.findByText("no key"); // the form is there
  expect(calls.every((call) => carries(call, "s3cret"))).toBe(true);
  token = "another";
  expect(await screen.findByRole("dialog", { name: "The token is no longer taken" })).toBeDefined();
});
