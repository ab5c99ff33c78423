import { count } from "../../lib/format";
import type { Bin } from "./latencies";

/** How many messages took how long: a bar a bin, its numbers beside it. */
export function Spread({ label, bins }: { label: string; bins: readonly Bin[] }) {
  const most = Math.max(1, ...bins.map((bin) => bin.count));
  return (
    <table aria-label={label} className="figures mt-4 w-full text-xs text-soft">
      <thead className="sr-only">
        <tr>
          <th scope="col">Up to</th>
          <th scope="col">Messages</th>
        </tr>
      </thead>
      <tbody>
        {bins.map((bin) => (
          <tr key={bin.upToUs}>
            <th scope="row" className="w-px pr-3 text-right font-normal whitespace-nowrap text-faint">
              ≤ {shortSpan(bin.upToUs)}
            </th>
            <td>
              <span className="flex items-center gap-3">
                <span className="flex-1">
                  <span className="block h-3 rounded-sm bg-chart-1" style={{ width: `${(100 * bin.count) / most}%` }} />
                </span>
                {count(bin.count)}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The bins' edges are round: no digits behind the point. */
function shortSpan(us: number): string {
  if (us < 1_000) return `${us} µs`;
  return us < 1_000_000 ? `${us / 1_000} ms` : `${us / 1_000_000} s`;
}
