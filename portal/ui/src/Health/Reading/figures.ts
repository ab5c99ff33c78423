import type { Totals } from "../../api/hooks/status";
import { count, rate } from "../../lib/format";

export interface Figure {
  label: string;
  /** The whole story, below it. */
  about: string;
  value(totals: Totals): string;
  alarming?(totals: Totals): boolean;
}

/** What the consumer counts. All of these are since its first contact with this cluster, but the first two. */
export const FIGURES: readonly Figure[] = [
  { label: "Rate", about: "messages a second, over the last ten seconds", value: (t) => `${rate(t.rate)} /s` },
  { label: "Lag", about: "messages in Kafka that were not read yet", value: (t) => count(t.lag), alarming: (t) => t.lag > 10_000 },
  { label: "Duplicates", about: "receipts of an id that had one already", value: (t) => count(t.duplicated), alarming: (t) => t.duplicated > 0 },
  { label: "Failed", about: "messages that a producer could not get confirmed", value: (t) => count(t.failed), alarming: (t) => t.failed > 0 },
  {
    label: "Negative latencies",
    about: "messages consumed before they were accepted: clocks differ",
    value: (t) => count(t.negative_latencies),
    alarming: (t) => t.negative_latencies > 0,
  },
];
