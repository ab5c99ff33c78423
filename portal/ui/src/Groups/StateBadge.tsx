import type { GroupState } from "../api/hooks/groups";
import { Badge, type Tone } from "../ui/Badge";

const LOOKS: Record<GroupState, { tone: Tone; words: string; title: string }> = {
  stable: { tone: "ok", words: "stable", title: "Its members read" },
  empty: { tone: "quiet", words: "empty", title: "It has no members; its offsets are kept" },
  dead: { tone: "bad", words: "dead", title: "The coordinator knows no such group any more" },
  preparing_rebalance: { tone: "warn", words: "rebalancing", title: "Its members are gathered anew" },
  completing_rebalance: { tone: "warn", words: "rebalancing", title: "Its partitions are handed out anew" },
  unknown: { tone: "quiet", words: "unknown", title: "The coordinator gave no answer, or one that the steward's Kafka client does not know" },
};

export function StateBadge({ state }: { state: GroupState }) {
  const { tone, words, title } = LOOKS[state];
  return (
    <Badge tone={tone} title={title}>
      {words}
    </Badge>
  );
}
