import { useLocation } from "wouter";
import { type GroupDetails, useDeleteGroup, useDeleteGroupPreview } from "../api/hooks/groups";
import { problemText } from "../Cluster/problemText";
import { GuardDialog } from "../ui/GuardDialog";
import { membersInTheWay } from "./inTheWay";
import { OffsetChanges } from "./OffsetChanges";

export function DeleteGroup({ group, onClose }: { group: GroupDetails; onClose(): void }) {
  const [, navigate] = useLocation();
  const preview = useDeleteGroupPreview(group.group);
  const inTheWay = membersInTheWay(preview.data);
  const remove = useDeleteGroup(group.group);
  return (
    <GuardDialog
      title={`Delete the group ${group.group}?`}
      name={group.group}
      action="Delete the group"
      busy={remove.isPending}
      refused={preview.isError || inTheWay !== undefined}
      problem={problemText(remove.error ?? preview.error) ?? inTheWay}
      onConfirm={() => remove.mutate(undefined, { onSuccess: () => navigate("/groups") })}
      onClose={onClose}
    >
      <p className="mb-4">
        Its offsets are forgotten. A consumer that joins under this name later begins where its own settings say: at the end or at the beginning.
      </p>
      {preview.data && <OffsetChanges changes={preview.data.changes} />}
    </GuardDialog>
  );
}
