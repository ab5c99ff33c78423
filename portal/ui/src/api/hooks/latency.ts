import { useQuery } from "@tanstack/react-query";
import { requestJson } from "../http";
import { paths } from "../paths";
import type { components } from "../types/consumer";

export type Latency = components["schemas"]["Latency"];

const LATENCY_POLL_MS = 10_000;

/** From accepted to consumed over the last windowS seconds, of one topic or of all. */
export function useLatency(windowS: number, topic?: string) {
  return useQuery({
    queryKey: ["latency", windowS, topic],
    queryFn: ({ signal }) => requestJson<Latency>(paths.latency(windowS, topic), { signal }),
    refetchInterval: LATENCY_POLL_MS,
  });
}
