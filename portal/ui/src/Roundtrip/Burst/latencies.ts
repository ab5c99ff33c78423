// What many messages' latencies say: percentiles, how they change over time, how they are spread.
import type { Line } from "../../ui/chart/scale";

/** A message's latency, and when the message was accepted. */
export interface Sample {
  atUs: number;
  us: number;
}

export interface Summary {
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

const PERCENTILES = { p50: 0.5, p95: 0.95, p99: 0.99, max: 1 } as const;

/** The smallest value that at least this share of the values does not exceed; the values rise. */
const percentile = (rising: Float64Array, share: number) => rising[Math.max(0, Math.ceil(share * rising.length) - 1)] ?? 0;

/** undefined: there is nothing to sum up. */
export function summaryOf(samples: readonly Sample[]): Summary | undefined {
  if (samples.length === 0) return undefined;
  const rising = Float64Array.from(samples, ({ us }) => us).toSorted();
  const { p50, p95, p99, max } = PERCENTILES;
  return { p50: percentile(rising, p50), p95: percentile(rising, p95), p99: percentile(rising, p99), max: percentile(rising, max) };
}

export interface Course {
  fromMs: number;
  stepMs: number;
  lines: Line[];
}

const STEPS_MAX = 60;
const STEPS_MS = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000] as const;

/** The percentiles over time, by when the messages were accepted. null: a time without messages. */
export function courseOf(samples: readonly Sample[]): Course {
  const { fromMs, toMs } = spanOf(samples);
  const stepMs = STEPS_MS.find((step) => (toMs - fromMs) / step < STEPS_MAX) ?? Math.ceil((toMs - fromMs) / STEPS_MAX);
  const steps: Sample[][] = Array.from({ length: Math.floor((toMs - fromMs) / stepMs) + 1 }, () => []);
  for (const sample of samples) steps[Math.floor((sample.atUs / 1_000 - fromMs) / stepMs)]?.push(sample);
  const summaries = steps.map(summaryOf);
  const line = (name: "p50" | "p95" | "p99"): Line => ({ name, values: summaries.map((summary) => summary?.[name] ?? null) });
  return { fromMs, stepMs, lines: samples.length === 0 ? [] : [line("p50"), line("p95"), line("p99")] };
}

function spanOf(samples: readonly Sample[]) {
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = 0;
  for (const { atUs } of samples) {
    fromMs = Math.min(fromMs, Math.floor(atUs / 1_000));
    toMs = Math.max(toMs, Math.floor(atUs / 1_000));
  }
  return samples.length === 0 ? { fromMs: 0, toMs: 0 } : { fromMs, toMs };
}

export interface Bin {
  /** Latencies up to this, and above the bin before. */
  upToUs: number;
  count: number;
}

const FIRST_BIN_US = 100;
const PER_DECADE = [1, 2, 5] as const;

/** How many latencies are how long, in bins that grow as 1, 2, 5, 10; from the first that holds one to the last. */
export function spreadOf(samples: readonly Sample[]): Bin[] {
  const counts: number[] = [];
  for (const { us } of samples) {
    const bin = binOf(us);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const bins = Array.from(counts, (count, index) => ({ upToUs: edgeOf(index), count: count ?? 0 }));
  const first = bins.findIndex(({ count }) => count > 0);
  return first < 0 ? [] : bins.slice(first);
}

const edgeOf = (bin: number) => FIRST_BIN_US * (PER_DECADE[bin % PER_DECADE.length] ?? 1) * 10 ** Math.floor(bin / PER_DECADE.length);

function binOf(us: number): number {
  let bin = 0;
  while (us > edgeOf(bin)) bin += 1;
  return bin;
}
