import { queryOptions, useQuery } from "@tanstack/react-query";
import { ApiError, UNREACHABLE, requestJson } from "../http";
import { paths } from "../paths";
import type { components } from "../types/portal";

/** What the portal says of itself and the services (GET /api/health). */
export type HealthReport = components["schemas"]["Health"];

/** How the portal sees a service. */
export type ServiceReport = HealthReport["services"][number];

/** absent: nobody answers for it, and the page does without. */
export type Health = ServiceReport["state"] | "unknown" | "absent";

export interface ServiceHealth {
  name: string;
  health: Health;
  /** One sentence when something is wrong. */
  why?: string;
  /** Most of the page does without it: the screens that need it say what is wrong. */
  optional?: boolean;
}

export interface HealthSummary {
  /** In the order a message meets them. */
  services: ServiceHealth[];
  portalGone: boolean;
}

const HEALTH_POLL_MS = 5_000;

export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: ({ signal }) => requestJson<HealthReport>(paths.health(), { signal }),
});

export const useHealthReport = () => useQuery({ ...healthQuery, refetchInterval: HEALTH_POLL_MS });

export function useHealth(): HealthSummary {
  const { data, error } = useHealthReport();
  return {
    services: summarize(error ? [] : (data?.services ?? [])),
    portalGone: error instanceof ApiError && error.problem.status === UNREACHABLE,
  };
}

export function summarize(reports: readonly ServiceReport[]): ServiceHealth[] {
  const report = (name: string) => reports.find((service) => service.name === name);
  const producer = report("producer");
  const consumer = report("consumer");
  return [
    serviceHealth("producer", producer),
    kafkaHealth([producer, consumer]),
    serviceHealth("consumer", consumer),
    optionalHealth("steward", report("steward")),
    optionalHealth("seer", report("seer")),
  ];
}

function optionalHealth(name: string, report: ServiceReport | undefined): ServiceHealth {
  if (report?.state === "down") return { name, health: "absent", optional: true };
  return { ...serviceHealth(name, report), optional: true };
}

function serviceHealth(name: string, report: ServiceReport | undefined): ServiceHealth {
  if (!report) return { name, health: "unknown" };
  const { state, why, checks } = report;
  if (state === "ready") return { name, health: state };
  const missing = Object.entries(checks ?? {}).flatMap(([check, { ready, why: reason }]) =>
    ready ? [] : [reason ? `${check}: ${reason}` : check],
  );
  const reason = why ?? missing.join("; ");
  return { name, health: state, why: `The ${name} is ${state === "down" ? "down" : "not ready"}${reason && ` (${reason})`}.` };
}

/** Kafka is as its two neighbours see it. What is wrong with it, they say already. */
function kafkaHealth(neighbours: (ServiceReport | undefined)[]): ServiceHealth {
  const seen = neighbours.flatMap((report) => report?.checks?.kafka ?? []);
  if (seen.length === 0) return { name: "kafka", health: "unknown" };
  return { name: "kafka", health: seen.every(({ ready }) => ready) ? "ready" : "down" };
}
