import { useQuery } from "@tanstack/react-query";
import { requestJson } from "../http";
import { paths } from "../paths";

export interface TopicTotals {
  topic: string;
  n_consumed: number;
  bytes: number;
  rate: number;
  lag: number;
}

export interface Totals {
  n_consumed: number;
  bytes: number;
  by_topic: TopicTotals[];
  rate: number;
  lag: number;
  latency_us: { p50: number; p95: number; p99: number; max: number; count: number; window_s: number };
  duplicated: number;
  failed: number;
  since: string;
  /** Why reading stands still; null while it goes on. */
  paused: string | null;
}

const TOTALS_POLL_MS = 2_000;

export function useTotals() {
  return useQuery({
    queryKey: ["status"],
    queryFn: ({ signal }) => requestJson<Totals>(paths.status(), { signal }),
    refetchInterval: TOTALS_POLL_MS,
  });
}
