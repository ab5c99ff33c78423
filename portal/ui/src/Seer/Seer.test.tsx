import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { health, serviceReport } from "../test/fixtures";
import { renderApp } from "../test/renderApp";
import { json, serve, silence } from "../test/services";

const serveSeer = (news: Parameters<typeof serviceReport>[0]) =>
  serve(({ path }) => (path === "/api/health" ? json(health(serviceReport({ url: "http://127.0.0.1:8030", ...news }))) : undefined));

test("a seer that is not there is said to be no part of this version, and where the portal looks for it", async () => {
  serveSeer({ name: "seer", state: "down", why: "nobody answers: start it", version: null, uptime_s: null, checks: null });
  await renderApp("/seer");
  expect(await screen.findByText(/This version comes without the seer/)).toBeTruthy();
  expect(screen.getByText("SEER_URL=http://127.0.0.1:8030")).toBeTruthy();
  expect(screen.queryByRole("textbox")).toBeNull();
  expect(screen.queryByText(/start it/)).toBeNull();
});

test("a service that answers as the seer is not claimed to be usable from here", async () => {
  serveSeer({ name: "seer", state: "unready", version: "9.0.0", checks: { index: { ready: false, why: "being built" } } });
  await renderApp("/seer");
  expect(await screen.findByText(/A service answers as the seer, version 9\.0\.0/)).toBeTruthy();
  expect(screen.getByText("Index: being built.")).toBeTruthy();
});

test("before the portal answers nothing is claimed", async () => {
  serve(({ path }) => (path === "/api/health" ? silence() : undefined));
  await renderApp("/seer");
  expect(await screen.findByText("Asking the portal for the seer")).toBeTruthy();
  expect(screen.getByText("Not known before the portal answers.")).toBeTruthy();
});
