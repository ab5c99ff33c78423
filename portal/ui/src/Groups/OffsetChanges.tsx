import type { OffsetChange } from "../api/hooks/groups";
import { count } from "../lib/format";
import { Badge } from "../ui/Badge";
import { Cell, PlainTable, ROW } from "../ui/PlainTable";

const HEADS = [{ title: "Partition" }, { title: "From", right: true }, { title: "To", right: true }, { title: "That is", right: true }];

/** What would change, as the steward worked it out. */
export function OffsetChanges({ changes }: { changes: readonly OffsetChange[] }) {
  if (changes.length === 0) return <p className="text-sm text-soft">Nothing would change.</p>;
  return (
    <div className="max-h-56 overflow-y-auto rounded-lg border border-line p-2">
      <PlainTable label="What would change" heads={HEADS}>
        {changes.map((change) => (
          <tr key={`${change.topic}/${change.partition}`} className={ROW}>
            <Cell wide>
              {change.topic}/{change.partition}
            </Cell>
            <Cell right>
              <Offset offset={change.from} />
            </Cell>
            <Cell right>
              {change.clamped && (
                <Badge tone="warn" title="What was asked for lies outside of the log: this is its edge">
                  edge
                </Badge>
              )}{" "}
              <Offset offset={change.to} />
            </Cell>
            <Cell right>{distance(change)}</Cell>
          </tr>
        ))}
      </PlainTable>
    </div>
  );
}

const Offset = ({ offset }: { offset: number | null }) => (offset === null ? <span className="text-faint">none</span> : count(offset));

function distance({ from, to }: OffsetChange): string {
  if (to === null) return from === null ? "none to move" : "forgotten";
  if (from === null) return "new";
  if (to === from) return "as it is";
  return to < from ? `${count(from - to)} again` : `${count(to - from)} skipped`;
}

/** How many of them are changes. */
export const changed = (changes: readonly OffsetChange[]) => changes.filter(({ from, to }) => from !== to).length;
