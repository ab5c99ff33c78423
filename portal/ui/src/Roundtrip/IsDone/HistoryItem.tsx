import type { ReactNode } from "react";
import type { Mood } from "../../Journey/journey";
import { exactTimeMs, shortTime } from "../../lib/format";
import { Icon, type IconName } from "../../ui/Icon";
import { cx } from "../../ui/cx";

const MARKS: Record<Mood, { icon?: IconName; className: string }> = {
  wait: { className: "text-accent" },
  late: { className: "text-warn" },
  done: { icon: "check", className: "text-ok" },
  failed: { icon: "cross", className: "text-bad" },
  doubtful: { icon: "question", className: "text-warn" },
};

export interface HistoryItemProps {
  id: string;
  mood: Mood;
  topic: string;
  preview: string;
  outcome: string;
  atMs: number;
  nowMs: number;
  selected: boolean;
  onSelect(id: string): void;
  /** What stands behind the button. */
  children?: ReactNode;
}

/** A line of one's sends: how it went, where, what, when. */
export function HistoryItem({ id, mood, topic, preview, outcome, atMs, nowMs, selected, onSelect, children }: HistoryItemProps) {
  const { icon, className } = MARKS[mood];
  return (
    <li className="flex items-center gap-1">
      <button
        type="button"
        aria-current={selected ? "true" : undefined}
        onClick={() => onSelect(id)}
        className={cx(
          "flex min-w-0 flex-1 items-center gap-3 rounded-lg px-2 py-1.5 text-left text-sm transition-colors hover:bg-hover",
          selected && "bg-accent-wash hover:bg-accent-wash",
        )}
      >
        <span className={cx("flex size-4 shrink-0 items-center justify-center", className)}>
          {icon ? <Icon name={icon} className="stroke-2" /> : <span className="pulse size-2 rounded-full bg-current" />}
        </span>
        <span className="max-w-2/5 min-w-0 shrink-0 truncate">{topic}</span>
        <span className="min-w-0 flex-1 truncate text-faint">{preview}</span>
        <span className="figures shrink-0 text-soft">{outcome}</span>
        <time className="figures hidden w-16 shrink-0 text-right text-xs text-faint sm:block" title={exactTimeMs(atMs)}>
          {shortTime(atMs, nowMs)}
        </time>
      </button>
      {children}
    </li>
  );
}
