// What keeps a group's offsets from being changed: Kafka takes it only from a group that nobody is in.
import type { GroupChanges, GroupOffset } from "../api/hooks/groups";
import { plural } from "../lib/plural";

const STOP_FIRST = "Stop its consumers first.";
const INHABITED = new Set<GroupChanges["state"]>(["stable", "preparing_rebalance", "completing_rebalance"]);

/** Of the whole group, as a preview tells it; undefined: nothing. */
export function membersInTheWay(preview: Pick<GroupChanges, "state"> | undefined): string | undefined {
  return preview && INHABITED.has(preview.state) ? `Consumers are in the group, and it can be changed only while it is empty. ${STOP_FIRST}` : undefined;
}

/** Of one topic. */
export function readersInTheWay(offsets: readonly GroupOffset[], topic: string | undefined): string | undefined {
  const read = offsets.filter((offset) => offset.topic === topic && offset.member !== null).length;
  return read > 0 ? `${plural(read, "partition")} of it ${read === 1 ? "is" : "are"} being read just now. ${STOP_FIRST}` : undefined;
}
