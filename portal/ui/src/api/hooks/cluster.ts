// The cluster as the steward sees it: what it is, and what the steward may and can do there.
import { useQuery } from "@tanstack/react-query";
import { paths } from "../paths";
import type { components } from "../types/steward";
import { askSteward } from "./steward";

export type Cluster = components["schemas"]["Cluster"];

/** A setting of a topic or a broker. */
export type Setting = components["schemas"]["Setting"];

const CLUSTER_POLL_MS = 10_000;

export function useCluster() {
  return useQuery({
    queryKey: ["cluster"],
    queryFn: (asking) => askSteward<Cluster>(paths.cluster(), asking),
    refetchInterval: CLUSTER_POLL_MS,
  });
}

/** Whether to offer what changes something. Until the steward has said that it allows it, no. */
export function useMayChange(): boolean {
  const { data } = useCluster();
  return data?.read_only === false;
}
