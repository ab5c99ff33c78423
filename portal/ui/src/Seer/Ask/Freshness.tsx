import type { SeerAnswer } from "../../api/hooks/seer";
import { plural } from "../../lib/plural";

/** Whether what flowed through a moment ago is already part of the answer. */
export function Freshness({ freshness: { topics, behind } }: Pick<SeerAnswer, "freshness">) {
  if (topics === 0) return <span>learns from no topic</span>;
  if (behind === 0) return <span>knows all that is in {plural(topics, "topic")}</span>;
  return <span className="text-warn">{plural(behind, "message")} not learnt yet</span>;
}
