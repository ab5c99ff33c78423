import { useLocation } from "wouter";
import { type GroupDetails, useDeleteGroup, useDeleteGroupCheck } from "../api/hooks/groups";
import { problemText } from "../Cluster/problemText";
import { count } from "../lib/format";
import { GuardDialog } from "../ui/GuardDialog";

export function DeleteGroup({ group, onClose }: { group: GroupDetails; onClose(): void }) {
  const [, navigate] = useLocation();
  const check = useDeleteGroupCheck(group.group, true);
  const remove = useDeleteGroup(group.group);
  const committed = group.offsets.filter((offset) => offset.committed !== null).length;
  return (
    <GuardDialog
      title={`Delete the group ${group.group}?`}
      name={group.group}
      action="Delete the group"
      busy={remove.isPending}
      refused={check.isError}
      problem={problemText(remove.error ?? check.error)}
      onConfirm={() => remove.mutate(undefined, { onSuccess: () => navigate("/groups") })}
      onClose={onClose}
    >
      Its {count(committed)} committed offsets are forgotten. A consumer that joins under this name later begins where its own settings say: at the end or at
      the beginning.
    </GuardDialog>
  );
}
