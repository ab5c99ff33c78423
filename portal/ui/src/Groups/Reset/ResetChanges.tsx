import type { OffsetChange } from "../../api/hooks/groups";
import { count } from "../../lib/format";
import { Badge } from "../../ui/Badge";
import { Cell, PlainTable, ROW } from "../../ui/PlainTable";
import { Unknown } from "../../ui/Unknown";

const HEADS = [{ title: "Partition" }, { title: "From", right: true }, { title: "To", right: true }, { title: "That is", right: true }];

/** What a reset would change, as the steward worked it out. */
export function ResetChanges({ changes }: { changes: readonly OffsetChange[] }) {
  if (changes.length === 0) return <p className="text-sm text-soft">Nothing would change.</p>;
  return (
    <div className="max-h-56 overflow-y-auto rounded-lg border border-line p-2">
      <PlainTable label="What would change" heads={HEADS}>
        {changes.map((change) => (
          <tr key={`${change.topic}/${change.partition}`} className={ROW}>
            <Cell wide>
              {change.topic}/{change.partition}
            </Cell>
            <Cell right>{change.from === null ? <span className="text-faint">none</span> : count(change.from)}</Cell>
            <Cell right>
              {change.clamped && (
                <Badge tone="warn" title="What was asked for lies outside of the log: this is its edge">
                  edge
                </Badge>
              )}{" "}
              {change.to === null ? <Unknown why="the partition's leader gave no answer" /> : count(change.to)}
            </Cell>
            <Cell right>{distance(change)}</Cell>
          </tr>
        ))}
      </PlainTable>
    </div>
  );
}

function distance({ from, to }: OffsetChange): string {
  if (from === null || to === null) return "–";
  if (to === from) return "as it is";
  return to < from ? `${count(from - to)} again` : `${count(to - from)} skipped`;
}
