import type { Tone } from "../ui/Badge";
import type { PartState } from "./parts";

interface Look {
  words: string;
  tone: Tone;
  /** Whole class names, so that the style sheet has them. */
  dot: string;
}

/** A state in words first, its colour beside them. */
export const STATES: Record<PartState, Look> = {
  ready: { words: "ready", tone: "ok", dot: "bg-ok" },
  unready: { words: "not ready", tone: "warn", dot: "bg-warn" },
  down: { words: "down", tone: "bad", dot: "bg-bad" },
  unknown: { words: "not known", tone: "quiet", dot: "border border-edge" },
  absent: { words: "not there", tone: "quiet", dot: "border border-dashed border-edge" },
};
