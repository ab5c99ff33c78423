import { problemOf } from "../api/http";
import { sentence } from "../lib/sentence";
import { Notice } from "../ui/Notice";

/** Statuses with which the portal speaks of a seer that is not there; 0: nor is the portal. */
const GONE = new Set([0, 502]);

/** Why there is no answer, and what to do. */
export function Trouble({ error }: { error: Error }) {
  const problem = problemOf(error);
  return (
    <Notice tone="bad">
      {GONE.has(problem.status) ? "The seer gives no answer. make ps says how it is, make logs SERVICE=seer why." : sentence(problem.detail || problem.title)}
    </Notice>
  );
}
