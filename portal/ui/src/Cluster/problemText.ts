import { problemOf } from "../api/http";
import { sentence } from "../lib/sentence";
import { isStewardGone } from "./Answer";

/** Why something was refused, as a sentence; undefined: it was not. */
export function problemText(error: unknown): string | undefined {
  if (error === null || error === undefined) return undefined;
  const problem = problemOf(error);
  if (isStewardGone(problem)) return "The steward gave no answer: whether it was done is not known. Look before trying again.";
  return sentence(problem.detail || problem.title);
}
