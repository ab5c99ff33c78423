import type { GroupDetails } from "../../api/hooks/groups";
import { Empty } from "../../ui/Panel";
import { LagHistory } from "./LagHistory";
import { Offsets } from "./Offsets";

/** How far behind the group is: over time, and partition by partition now. */
export function Lag({ group }: { group: GroupDetails }) {
  if (group.offsets.length === 0) return <Empty title="No offsets">The group has committed no offset, so nothing is known of its lag.</Empty>;
  return (
    <div className="grid gap-6 2xl:grid-cols-2">
      <LagHistory group={group.group} />
      <Offsets group={group} />
    </div>
  );
}
