import type { TopicDetails } from "../api/hooks/topics";
import { count } from "../lib/format";
import { Fact, Facts } from "../ui/Facts";
import { Unknown } from "../ui/Unknown";

export function TopicFacts({ topic }: { topic: TopicDetails }) {
  const messages = sumOfMessages(topic);
  const missing = topic.partitions.filter(({ replicas, isr }) => isr.length < replicas.length).length;
  return (
    <Facts>
      <Fact name="partitions">{count(topic.partitions.length)}</Fact>
      <Fact name="replication">{count(topic.partitions[0]?.replicas.length ?? 0)}</Fact>
      <Fact name="messages">
        {messages === null ? (
          <Unknown why="a partition's offsets are not known" />
        ) : (
          <span title="The offsets' span: compaction and transactions make it an upper bound">{count(messages)}</span>
        )}
      </Fact>
      {missing > 0 && (
        <Fact name="under-replicated">
          <span className="text-warn">{count(missing)}</span>
        </Fact>
      )}
    </Facts>
  );
}

/** null: not all are known. */
export const sumOfMessages = ({ partitions }: Pick<TopicDetails, "partitions">) =>
  partitions.reduce<number | null>((sum, { messages }) => (sum === null || messages === null ? null : sum + messages), 0);
