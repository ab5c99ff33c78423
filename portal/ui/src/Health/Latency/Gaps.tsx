import { timeSpan } from "../../lib/timeSpan";
import { When } from "../../ui/When";
import { type Gap, type LatencySteps, longestGaps } from "./latencySteps";

const GAPS_MAX = 5;

/** When nothing came. Whether something should have come, the page cannot know, and says so. */
export function Gaps({ known, unit, topic }: { known: LatencySteps; unit: string; topic: string | null }) {
  const gaps = longestGaps(known, GAPS_MAX);
  return (
    <div className="mt-6">
      <h3 className="text-sm font-medium text-soft">Longest times without a message</h3>
      <p className="mt-1 mb-2 max-w-prose text-xs text-pretty text-faint">
        Whole {unit}s since the first message above in which the consumer stored none, of {topic ?? "all topics together"}. Nothing sent and nothing read look the
        same here; the lag tells them apart.
      </p>
      {gaps.length === 0 ? (
        <p className="text-sm text-soft">There was one in every {unit}.</p>
      ) : (
        <ol aria-label="Longest times without a message" className="flex flex-wrap gap-x-6 gap-y-1">
          {gaps.map((gap) => (
            <GapItem key={gap.fromMs} gap={gap} />
          ))}
        </ol>
      )}
    </div>
  );
}

const GapItem = ({ gap: { fromMs, toMs, open } }: { gap: Gap }) => (
  <li className="figures text-sm text-soft">
    <span className="font-medium text-ink">{timeSpan(toMs - fromMs)}</span> <When ms={fromMs} /> to <When ms={toMs} />
    {open && ", and may go on"}
  </li>
);
