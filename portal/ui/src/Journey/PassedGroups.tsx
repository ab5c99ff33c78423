import { useId } from "react";
import { type PassedGroup, usePassed } from "../api/hooks/passed";
import { clockTimeMs, exactTimeMs } from "../lib/format";
import { Icon } from "../ui/Icon";
import { cx } from "../ui/cx";

interface PassedGroupsProps {
  topic: string;
  partition: number;
  offset: number;
}

/** How far the other consumer groups are with a message, as the steward's looks saw it. Nothing where no steward answers. */
export function PassedGroups(place: PassedGroupsProps) {
  const heading = useId();
  const groups = usePassed(place);
  if (!groups || groups.length === 0) return null;
  return (
    <section aria-labelledby={heading} className="mt-6 border-t border-line pt-4">
      <h3 id={heading} className="mb-2 text-xs text-faint">
        Passed by other groups
      </h3>
      <ul className="flex max-h-60 flex-col gap-1.5 overflow-y-auto text-sm">
        {groups.map((group) => (
          <li key={group.group} className="flex flex-wrap items-center gap-x-3">
            <span className={cx("flex min-w-0 items-center gap-2", group.passed ? "text-ink" : "text-soft")}>
              {group.passed ? <Icon name="check" className="text-ok" /> : <span className="pulse mx-1 size-2 shrink-0 rounded-full bg-accent" />}
              <span className="wrap-anywhere">{group.group}</span>
            </span>
            <When group={group} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Groups commit when they like, and the steward looks now and then: what is known is an interval. */
function When({ group: { passed, not_passed_seen_ms: before, passed_seen_ms: after } }: { group: PassedGroup }) {
  const exact = [before, after].map((ms) => (ms === null ? "unknown" : exactTimeMs(ms))).join(" to ");
  return (
    <span className="figures text-xs text-faint" title={exact}>
      {passed ? passedText(before, after) : before === null ? "not yet" : `not yet at ${clockTimeMs(before)}`}
    </span>
  );
}

function passedText(before: number | null, after: number | null): string {
  if (after === null) return "passed";
  return before === null ? `passed before ${clockTimeMs(after)}` : `passed between ${clockTimeMs(before)} and ${clockTimeMs(after)}`;
}
