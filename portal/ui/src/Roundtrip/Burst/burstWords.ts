import { count } from "../../lib/format";
import type { KeptBurst } from "./bursts";
import type { Report } from "./useBurst";

/** "3,000 to orders, 500 a second". */
export const whatOf = ({ topic, count: wanted, rate }: Pick<KeptBurst, "topic" | "count" | "rate">) =>
  `${count(wanted)} to ${topic}${rate === undefined ? "" : `, ${count(rate)} a second`}`;

/** What became of a burst that is over. */
export function outcomeOf({ acked, read, failed }: Report): string {
  const unread = acked.count - read.count;
  if (unread > 0) return `Over. ${count(unread)} were not read in time.`;
  return failed > 0 ? "Over; not all arrived." : "Done: all that were sent have been read.";
}
