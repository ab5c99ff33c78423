import type { GroupDetails, GroupMember } from "../api/hooks/groups";
import { CopyButton } from "../ui/CopyButton";
import { Empty } from "../ui/Panel";
import { Cell, PlainTable, ROW } from "../ui/PlainTable";
import { UNKNOWN_MEMBERS } from "./KindBadge";

const HEADS = [{ title: "Client" }, { title: "Host" }, { title: "Partitions" }, { title: "Member" }];

export function Members({ group }: { group: GroupDetails }) {
  if (group.members === null) return <Empty title="Unknown with this client">{UNKNOWN_MEMBERS}</Empty>;
  if (group.members.length === 0) return <Empty title="No members">Nobody is in the group just now.</Empty>;
  return (
    <PlainTable label={`Members of ${group.group}`} heads={HEADS}>
      {group.members.map((member) => (
        <tr key={member.id} className={ROW}>
          <Cell>{member.client_id}</Cell>
          <Cell>{member.host}</Cell>
          <Cell wide>{assigned(member)}</Cell>
          <Cell>
            <span className="inline-flex items-center gap-1 font-mono text-xs text-faint">
              {member.id}
              <CopyButton text={member.id} what="the member's id" />
            </span>
          </Cell>
        </tr>
      ))}
    </PlainTable>
  );
}

/** "orders 0, 1; payments 2". */
function assigned({ partitions }: GroupMember): string {
  const byTopic = new Map<string, number[]>();
  for (const { topic, partition } of partitions) byTopic.set(topic, [...(byTopic.get(topic) ?? []), partition]);
  return [...byTopic].map(([topic, numbers]) => `${topic} ${numbers.toSorted((a, b) => a - b).join(", ")}`).join("; ") || "none";
}
