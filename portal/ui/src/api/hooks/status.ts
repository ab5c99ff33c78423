import { useQuery } from "@tanstack/react-query";
import { requestJson } from "../http";
import { paths } from "../paths";
import type { components } from "../types/consumer";

export type Totals = components["schemas"]["Status"];
export type TopicTotals = Totals["by_topic"][number];

const TOTALS_POLL_MS = 2_000;

export function useTotals() {
  return useQuery({
    queryKey: ["status"],
    queryFn: ({ signal }) => requestJson<Totals>(paths.status(), { signal }),
    refetchInterval: TOTALS_POLL_MS,
  });
}
