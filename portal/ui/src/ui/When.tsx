import { exactTimeMs, shortTime } from "../lib/format";
import { useNow } from "../lib/useNow";

/** How often to look whether it is still today's. */
const DAY_CHECK_MS = 60_000;

/** A time in the user's zone; the exact one on hover. */
export function When({ ms }: { ms: number }) {
  const now = useNow(DAY_CHECK_MS);
  return (
    <time dateTime={exactTimeMs(ms)} title={exactTimeMs(ms)} className="figures">
      {shortTime(ms, now)}
    </time>
  );
}
