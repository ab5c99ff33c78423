import { duration } from "../lib/format";
import { cx } from "../ui/cx";
import type { Journey, Mood } from "./journey";

const MOODS: Record<Mood, string> = {
  wait: "text-ink",
  late: "text-warn",
  done: "text-ok",
  failed: "text-bad",
  doubtful: "text-warn",
};

export function Headline({ journey: { mood, headline, advice, totalUs } }: { journey: Journey }) {
  return (
    <div className="mb-6 max-w-5xl">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6" aria-live="polite">
        <p className={cx("text-xl font-semibold tracking-tight", MOODS[mood])}>{headline}</p>
        {totalUs !== null && (
          <p className="figures text-xl font-medium tracking-tight" title={`${totalUs} µs from accepted to consumed`}>
            {duration(totalUs)}
            <span className="ml-2 text-sm font-normal tracking-normal text-faint">end to end</span>
          </p>
        )}
      </div>
      {advice && <p className="mt-0.5 max-w-prose text-sm text-pretty text-soft">{advice}</p>}
    </div>
  );
}
