// The list of topics, a column a row here.
import type { Cluster } from "../api/hooks/cluster";
import type { TopicSummary } from "../api/hooks/topics";
import { bytes, count, rate } from "../lib/format";
import { Badge } from "../ui/Badge";
import { Unknown } from "../ui/Unknown";
import { When } from "../ui/When";
import type { Column } from "../ui/table/columns";

const NOT_SEEN = "the steward has not seen it yet";

export function topicColumns(can: Cluster["can"] | undefined): Column<TopicSummary>[] {
  return [
    { id: "name", title: "Topic", width: "minmax(12rem,3fr)", sortBy: ({ name }) => name, cell: (topic) => <Marks topic={topic} /> },
    number("partitions", "Partitions", ({ partitions }) => partitions),
    number("replication", "Replication", ({ replication }) => replication),
    number("messages", "Messages", ({ messages }) => messages),
    // Of a client that can never tell it, each row would say so.
    ...(can?.topic_bytes ? [number("bytes", "Bytes", (topic) => topic.bytes, bytes)] : []),
    number("rate", "Rate", (topic) => topic.rate, (n) => `${rate(n)}/s`),
    number("lag", "Lag", ({ lag }) => lag, count, "no group has committed an offset for it"),
    {
      ...number("last-write", "Last write", ({ last_write_ms }) => last_write_ms),
      cell: ({ last_write_ms: ms }) => (ms === null ? <Unknown why="nothing was written since the steward looks" /> : <When ms={ms} />),
    },
  ];
}

function number(
  id: string,
  title: string,
  value: (topic: TopicSummary) => number | null,
  show: (n: number) => string = count,
  why = NOT_SEEN,
): Column<TopicSummary> {
  const cell = (topic: TopicSummary) => {
    const n = value(topic);
    return n === null ? <Unknown why={why} /> : show(n);
  };
  return { id, title, width: "minmax(5.5rem,1fr)", right: true, sortBy: value, cell };
}

function Marks({ topic }: { topic: TopicSummary }) {
  return (
    <>
      {topic.internal && <Badge>internal</Badge>}
      {topic.under_replicated > 0 && <Badge tone="warn">{count(topic.under_replicated)} under-replicated</Badge>}
      {topic.error && (
        <Badge tone="bad" title={topic.error}>
          error
        </Badge>
      )}
    </>
  );
}
