import { Link } from "wouter";
import type { TopicDetails } from "../api/hooks/topics";
import { groupLink } from "../Cluster/links";
import { count } from "../lib/format";
import { Empty } from "../ui/Panel";
import { Cell, PlainTable, ROW } from "../ui/PlainTable";
import { Unknown } from "../ui/Unknown";

const HEADS = [{ title: "Group" }, { title: "Lag", right: true }];

export function TopicGroups({ topic }: { topic: TopicDetails }) {
  if (topic.groups.length === 0) {
    return <Empty title="No groups">No consumer group has committed an offset for this topic.</Empty>;
  }
  return (
    <div className="max-w-2xl">
      <PlainTable label={`Groups that read ${topic.name}`} heads={HEADS}>
        {topic.groups.map(({ group, lag }) => (
          <tr key={group} className={ROW}>
            <Cell wide>
              <Link href={groupLink(group)} className="font-medium hover:text-accent">
                {group}
              </Link>
            </Cell>
            <Cell right>{lag === null ? <Unknown why="not all of its offsets are known" /> : count(lag)}</Cell>
          </tr>
        ))}
      </PlainTable>
    </div>
  );
}
