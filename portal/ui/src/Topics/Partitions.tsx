import type { TopicDetails, TopicPartition } from "../api/hooks/topics";
import { count } from "../lib/format";
import { Cell, PlainTable, ROW } from "../ui/PlainTable";
import { Badge } from "../ui/Badge";
import { Unknown } from "../ui/Unknown";

const HEADS = [
  { title: "Partition" },
  { title: "Leader" },
  { title: "Replicas" },
  { title: "In sync" },
  { title: "First offset", right: true },
  { title: "Next offset", right: true },
  { title: "Messages", right: true },
];

export function Partitions({ topic }: { topic: TopicDetails }) {
  return (
    <div className="max-w-5xl">
      <PlainTable label={`Partitions of ${topic.name}`} heads={HEADS}>
        {topic.partitions.map((partition) => (
          <Row key={partition.partition} partition={partition} />
        ))}
      </PlainTable>
    </div>
  );
}

function Row({ partition: { partition, leader, replicas, isr, low, high, messages } }: { partition: TopicPartition }) {
  return (
    <tr className={ROW}>
      <Cell>{partition}</Cell>
      <Cell>{leader === null || leader < 0 ? <Badge tone="bad">no leader</Badge> : leader}</Cell>
      <Cell>{replicas.join(", ")}</Cell>
      <Cell>
        {isr.join(", ")} {isr.length < replicas.length && <Badge tone="warn">{replicas.length - isr.length} behind</Badge>}
      </Cell>
      <Cell right>
        <Offset offset={low} />
      </Cell>
      <Cell right>
        <Offset offset={high} />
      </Cell>
      <Cell right>
        <Offset offset={messages} />
      </Cell>
    </tr>
  );
}

const Offset = ({ offset }: { offset: number | null }) => (offset === null ? <Unknown why="the partition's leader gave no answer" /> : count(offset));
