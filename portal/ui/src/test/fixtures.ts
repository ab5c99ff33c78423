import type { HealthReport, ServiceReport } from "../api/hooks/health";
import type { ProduceAnswer } from "../api/hooks/produce";
import type { Receipt } from "../api/hooks/receipts";
import type { Totals } from "../api/hooks/status";
import type { Problem } from "../api/http";
import type { Send } from "../Journey/sends";

export const ID = "0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e01";
export const ACCEPTED_US = 1_763_776_044_000_123;

export const answer = (news: Partial<ProduceAnswer> = {}): ProduceAnswer => ({
  id: ID,
  topic: "orders",
  partition: 3,
  offset: 42,
  timestamp_ms: 1_763_776_044_000,
  accepted_us: ACCEPTED_US,
  ack_us: 512,
  ...news,
});

export const receipt = (news: Partial<Receipt> = {}): Receipt => ({
  id: ID,
  state: "consumed",
  topic: "orders",
  partition: 3,
  offset: 42,
  incarnation: 7,
  key: "customer-9",
  key_bytes: 10,
  value_bytes: 13,
  headers_bytes: 96,
  timestamp_ms: 1_763_776_044_000,
  timestamp_type: "create",
  accepted_us: ACCEPTED_US,
  acked_us: ACCEPTED_US + 512,
  consumed_us: ACCEPTED_US + 1_277,
  latency_us: { accepted_acked: 512, acked_consumed: 765, accepted_consumed: 1_277 },
  producer: { start: "0199b6a27c10f3a8", number: 1042 },
  duplicates: [],
  ...news,
});

export const send = (news: Partial<Send> = {}): Send => ({
  id: ID,
  topic: "orders",
  key: "customer-9",
  preview: "Hello, Kafka.",
  bytes: 13,
  sentMs: 1_763_776_044_000,
  ...news,
});

export const timeout = (persisted: "no" | "possibly"): Problem => ({
  status: 504,
  title: "Timeout",
  detail: "Kafka did not confirm within 15 s",
  persisted,
  id: ID,
});

export const totals = (news: Partial<Totals> = {}): Totals => ({
  n_consumed: 1042,
  bytes: 123_456,
  by_topic: [{ topic: "orders", n_consumed: 1042, bytes: 123_456, rate: 10.5, lag: 0 }],
  rate: 10.5,
  lag: 0,
  latency_us: { p50: 900, p95: 1800, p99: 2600, max: 12_000, count: 1042, window_s: 3600 },
  duplicated: 0,
  failed: 0,
  negative_latencies: 0,
  cluster: "5L6g3nShT-eMCtK--X86sw",
  key_index: { behind: 0 },
  since: "2025-11-22T01:47:24.000123Z",
  paused: null,
  ...news,
});

/** As the portal tells of a service; in good health unless said otherwise. */
export const serviceReport = (news: Pick<ServiceReport, "name"> & Partial<ServiceReport>): ServiceReport => ({
  url: "http://127.0.0.1:8000",
  setting: `${news.name.toUpperCase()}_URL`,
  state: "ready",
  ms: 0.4,
  why: null,
  version: "0.1.0 (abc1234)",
  uptime_s: 3_720,
  checks: { kafka: { ready: true } },
  ...news,
});

export const health = (...changed: ServiceReport[]): HealthReport => ({
  services: (["producer", "consumer", "steward", "seer"] as const).map(
    (name) => changed.find((report) => report.name === name) ?? serviceReport({ name }),
  ),
  portal: { version: "0.1.0 (abc1234)", uptime_s: 3_720, ui_built: true },
});
