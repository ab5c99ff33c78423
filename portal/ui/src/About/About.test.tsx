import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { health, serviceReport } from "../test/fixtures";
import { renderApp } from "../test/renderApp";
import { json, serve } from "../test/services";
import { cluster, steward } from "../test/steward";

const PACKAGES = [{ name: "react", version: "19.3.1", licence: "MIT" }];
const withPackages = ({ path }: { path: string }) => (path === "/licences.json" ? json(PACKAGES) : undefined);

test("the picture tells each part's state in words", async () => {
  const seer = serviceReport({ name: "seer", state: "down", version: null, uptime_s: null, checks: null });
  const consumer = serviceReport({ name: "consumer", state: "unready", checks: { kafka: { ready: true }, store: { ready: false, why: "disk full" } } });
  serve(({ path }) => (path === "/api/health" ? json(health(seer, consumer)) : undefined), withPackages, steward());
  await renderApp("/about");
  const picture = await screen.findByRole("img", {
    name: /Portal: ready, Producer: ready, Kafka: ready, Consumer: not ready, Receipts: down, Steward: ready, Seer: down/,
  });
  expect(within(picture).getAllByText("ready")).toHaveLength(4);
  expect(within(picture).getByText("not ready")).toBeTruthy();
});

test("versions are what the components say; what is not told is not guessed", async () => {
  serve(withPackages, steward({ "GET /cluster": () => json(cluster({ librdkafka: "2.5.0" })) }));
  await renderApp("/about");
  const versions = within(await screen.findByRole("region", { name: "Versions" }));
  expect((await versions.findAllByText("0.1.0 (abc1234)")).length).toBe(5);
  expect(versions.getByText("unknown: Kafka does not tell clients its version")).toBeTruthy();
  expect(await versions.findByText(/librdkafka 2\.5\.0/)).toBeTruthy();
});

test("licences are those the build found, and the texts are one link away", async () => {
  serve(withPackages, steward());
  await renderApp("/about");
  const table = within(await screen.findByRole("region", { name: "Licences of the page's packages" }));
  expect(table.getAllByRole("row")[1]?.textContent).toBe("react19.3.1MIT");
  expect(screen.getByRole("link", { name: "Their full texts" }).getAttribute("href")).toBe("/licences.txt");
});

test("a server without the build's list says so", async () => {
  serve(steward());
  await renderApp("/about");
  expect(await screen.findByText(/this server does not have it/)).toBeTruthy();
});
