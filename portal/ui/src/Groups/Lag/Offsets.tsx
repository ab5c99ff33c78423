import { Link } from "wouter";
import type { GroupDetails, GroupOffset } from "../../api/hooks/groups";
import { topicLink } from "../../Cluster/links";
import { count } from "../../lib/format";
import { Cell, PlainTable, ROW } from "../../ui/PlainTable";
import { Unknown } from "../../ui/Unknown";

const HEADS = [
  { title: "Topic" },
  { title: "Partition", right: true },
  { title: "Committed", right: true },
  { title: "End", right: true },
  { title: "Lag", right: true },
  { title: "Read by", roomy: true },
];

export function Offsets({ group }: { group: GroupDetails }) {
  const clientOf = new Map((group.members ?? []).map(({ id, client_id }) => [id, client_id]));
  return (
    <div className="min-w-0">
      <h3 className="mb-3 flex min-h-9 items-center text-sm font-medium text-soft">Lag by partition</h3>
      <PlainTable label={`Offsets of ${group.group}`} heads={HEADS}>
        {group.offsets.map((offset) => (
          <Row key={`${offset.topic}/${offset.partition}`} offset={offset} client={offset.member === null ? undefined : clientOf.get(offset.member)} />
        ))}
      </PlainTable>
    </div>
  );
}

function Row({ offset: { topic, partition, committed, high, lag, member }, client }: { offset: GroupOffset; client: string | undefined }) {
  const reader = member === null ? "nobody" : (client ?? member);
  return (
    <tr className={ROW}>
      <Cell>
        <Link href={topicLink(topic)} className="hover:text-accent">
          {topic}
        </Link>
        <span className="block max-w-28 truncate text-xs text-faint sm:hidden">by {reader}</span>
      </Cell>
      <Cell right>{partition}</Cell>
      <Cell right>{committed === null ? <Unknown why="the group has committed nothing here" /> : count(committed)}</Cell>
      <Cell right>{high === null ? <Unknown why="the partition's leader gave no answer" /> : count(high)}</Cell>
      <Cell right>
        {lag === null ? <Unknown why="without a committed offset and an end there is none" /> : <span className={lag > 0 ? "text-warn" : "text-ink"}>{count(lag)}</span>}
      </Cell>
      <Cell roomy>{member === null ? <span className="text-faint">{reader}</span> : <span title={member}>{reader}</span>}</Cell>
    </tr>
  );
}
