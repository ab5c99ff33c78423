import type { ReactNode } from "react";
import { cx } from "./cx";

const TONES = {
  warn: "border-warn/30 bg-warn-wash text-warn",
  bad: "border-bad/30 bg-bad-wash text-bad",
} as const;

/** Something went wrong, said where one looks. Screen readers hear it at once. */
export function Notice({ tone, children }: { tone: keyof typeof TONES; children: ReactNode }) {
  return (
    <div role="alert" className={cx("rounded-lg border px-3 py-2 text-sm text-pretty wrap-anywhere", TONES[tone])}>
      {children}
    </div>
  );
}
