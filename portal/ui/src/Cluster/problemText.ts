import { isStewardGone } from "../api/hooks/steward";
import { problemOf } from "../api/http";
import { sentence } from "../lib/sentence";

const UNKNOWN_WHETHER = "Whether it was done is not known: look before trying again.";

/** Why something was refused, as a sentence; undefined: it was not. */
export function problemText(error: unknown): string | undefined {
  if (error === null || error === undefined) return undefined;
  const problem = problemOf(error);
  if (isStewardGone(problem)) return `The steward gave no answer. ${UNKNOWN_WHETHER}`;
  const why = sentence(problem.detail || problem.title);
  return problem.status === 504 ? `${why} ${UNKNOWN_WHETHER}` : why;
}
