import { type ReactNode, useId } from "react";
import { cx } from "./cx";

interface PanelProps {
  title: string;
  /** What belongs to the title, right behind it. */
  behind?: ReactNode;
  /** What stands at the other end of the title's line. */
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}

export function Panel({ title, behind, aside, className, children }: PanelProps) {
  const heading = useId();
  return (
    <section
      aria-labelledby={heading}
      className={cx("flex min-w-0 flex-col rounded-xl border border-line bg-surface p-4 sm:p-5", className)}
    >
      <div className="mb-3 flex min-h-8 flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="flex items-center gap-1">
          <h2 id={heading} className="text-base font-semibold tracking-tight wrap-anywhere">
            {title}
          </h2>
          {behind}
        </div>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** A panel with nothing to show yet: what would be here, and how to get it. */
export function Empty({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-1 px-4 py-10 text-center">
      <p className="font-medium text-soft">{title}</p>
      <p className="max-w-sm text-sm text-pretty text-faint">{children}</p>
    </div>
  );
}
