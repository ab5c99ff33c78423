// The consumer tells only the minutes (or hours) that had messages; a picture over time needs the empty ones, too.
import type { Latency } from "../../api/hooks/latency";
import type { Line } from "../../ui/chart/scale";

export type Step = Latency["steps"][number];

export interface LatencySteps {
  fromMs: number;
  stepMs: number;
  /** One for each minute or hour of the window; null: no message in it. */
  steps: readonly (Step | null)[];
}

/** nowMs: when the answer came. A running minute without a message yet is left out: nothing is missing in it. */
export function latencySteps({ steps, step_s: stepS, window_s: windowS }: Latency, nowMs: number): LatencySteps {
  const stepMs = stepS * 1_000;
  const begin = (ms: number) => Math.floor(ms / stepMs) * stepMs;
  const byTime = new Map(steps.map((step) => [begin(Date.parse(step.at)), step]));
  const fromMs = Math.min(begin(nowMs - windowS * 1_000), ...byTime.keys());
  // The services' clock may be ahead of the browser's.
  const lastMs = Math.max(begin(nowMs) - stepMs, ...byTime.keys());
  const length = Math.max(0, (lastMs - fromMs) / stepMs + 1);
  return { fromMs, stepMs, steps: Array.from({ length }, (_, n) => byTime.get(fromMs + n * stepMs) ?? null) };
}

/** From the first message on: of a system younger than the window, what there is fills the picture. */
export function sinceFirst({ fromMs, stepMs, steps }: LatencySteps): LatencySteps {
  const first = Math.max(0, steps.findIndex((step) => step !== null));
  return { fromMs: fromMs + first * stepMs, stepMs, steps: steps.slice(first) };
}

const PERCENTILES = ["p50", "p95", "p99"] as const;

export const percentileLines = (steps: LatencySteps["steps"]): Line[] =>
  PERCENTILES.map((name) => ({ name, values: steps.map((step) => step?.[name] ?? null) }));

export interface Gap {
  fromMs: number;
  toMs: number;
  /** It ends with the last whole minute, and may go on. */
  open: boolean;
}

/**
 * The longest times without a message, in whole minutes (or hours). What lies before the window's first message is
 * none of them: it began at an unknown time.
 */
export function longestGaps({ fromMs, stepMs, steps }: LatencySteps, max: number): Gap[] {
  const gaps: Gap[] = [];
  let last = -1;
  const close = (end: number, open: boolean) => {
    if (last >= 0 && end - last > 1) gaps.push({ fromMs: fromMs + (last + 1) * stepMs, toMs: fromMs + end * stepMs, open });
  };
  for (const [index, step] of steps.entries()) {
    if (!step) continue;
    close(index, false);
    last = index;
  }
  close(steps.length, true);
  return gaps.toSorted((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs) || b.fromMs - a.fromMs).slice(0, max);
}
