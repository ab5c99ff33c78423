import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { PassedGroup } from "../api/hooks/passed";
import { Providers, newQueryClient } from "../app/Providers";
import { clockTimeMs } from "../lib/format";
import { json, serve } from "../test/services";
import { PassedGroups } from "./PassedGroups";

const MS = 1_763_776_044_000;

function show(answer: Response) {
  const calls = serve(({ path }) => (path.startsWith("/api/steward/passed?") ? answer : undefined));
  render(
    <Providers client={newQueryClient()}>
      <PassedGroups topic="orders" partition={3} offset={42} />
    </Providers>,
  );
  return calls;
}
const groups = (...all: PassedGroup[]) => json({ groups: all });

test("a group that passed the message is shown with the interval in which it did, one that did not with when it was looked at", async () => {
  const calls = show(
    groups(
      { group: "billing", passed: true, not_passed_seen_ms: MS, passed_seen_ms: MS + 1_000 },
      { group: "shipping", passed: false, not_passed_seen_ms: MS + 1_000, passed_seen_ms: null },
      { group: "old", passed: true, not_passed_seen_ms: null, passed_seen_ms: MS },
    ),
  );
  await screen.findByText(`passed between ${clockTimeMs(MS)} and ${clockTimeMs(MS + 1_000)}`);
  expect(screen.getByText(`not yet at ${clockTimeMs(MS + 1_000)}`)).toBeTruthy();
  expect(screen.getByText(`passed before ${clockTimeMs(MS)}`)).toBeTruthy();
  expect(calls.find(({ path }) => path.includes("/passed"))?.path).toBe("/api/steward/passed?topic=orders&partition=3&offset=42");
});
test("without a steward there is nothing, and no complaint", async () => {
  const calls = show(json({ status: 502, title: "Upstream", detail: "nothing listens" }, 502));
  await expect.poll(() => calls.length).toBe(1);
  expect(screen.queryByRole("heading")).toBeNull();
});
