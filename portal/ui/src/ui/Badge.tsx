import type { ReactNode } from "react";
import { cx } from "./cx";

const TONES = {
  quiet: "border-line text-faint",
  ok: "border-ok/40 text-ok",
  warn: "border-warn/40 bg-warn-wash text-warn",
  bad: "border-bad/40 bg-bad-wash text-bad",
  accent: "border-accent/40 bg-accent-wash text-accent",
} as const;

export type Tone = keyof typeof TONES;

/** A word about a thing, beside its name. */
export const Badge = ({ tone = "quiet", title, children }: { tone?: Tone; title?: string; children: ReactNode }) => (
  <span title={title} className={cx("inline-block shrink-0 rounded border px-1.5 text-xs whitespace-nowrap", TONES[tone])}>
    {children}
  </span>
);
