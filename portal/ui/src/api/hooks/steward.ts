// How the steward is asked. A stack may run without it: where the portal has just said so, no call is made that could
// only fail, and be a complaint in the browser's console every few seconds.
import type { QueryClient } from "@tanstack/react-query";
import { ApiError, type Problem, problemOf, requestJson } from "../http";
import { healthQuery } from "./health";

/** Statuses with which the portal speaks of a service that is not there; 0: nor is the portal. A 504 may be the
 * steward's own: it is there, and Kafka is not. */
const GONE = new Set([0, 502]);

export const isStewardGone = ({ status }: Problem) => GONE.has(status);

const ASK_AGAIN_MS = 5_000;

/** For what is asked once: again until somebody is there to answer. */
export const UNTIL_THERE = {
  refetchInterval: ({ state: { error } }: { state: { error: Error | null } }) => (error && isStewardGone(problemOf(error)) ? ASK_AGAIN_MS : false),
} as const;

/** What a query function is given. */
interface Asking {
  client: QueryClient;
  signal: AbortSignal;
}

export async function askSteward<T>(path: string, { client, signal }: Asking, init: RequestInit = {}): Promise<T> {
  const why = await absence(client);
  if (why !== undefined) throw new ApiError({ status: 502, title: "Not there", detail: why });
  return requestJson<T>(path, { ...init, signal });
}

/** undefined: it is there, or nobody knows. */
async function absence(client: QueryClient): Promise<string | undefined> {
  const report = await client.ensureQueryData(healthQuery).catch(() => undefined);
  const steward = report?.services.find(({ name }) => name === "steward");
  return steward?.state === "down" ? (steward.why ?? "nobody answers for the steward") : undefined;
}
