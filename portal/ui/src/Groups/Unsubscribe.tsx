import { useState } from "react";
import { type GroupDetails, useUnsubscribe, useUnsubscribePreview } from "../api/hooks/groups";
import { problemText } from "../Cluster/problemText";
import { Field } from "../ui/Field";
import { GuardDialog } from "../ui/GuardDialog";
import { Select } from "../ui/Select";
import { readersInTheWay } from "./inTheWay";
import { OffsetChanges } from "./OffsetChanges";
import { topicsOf } from "./offsets";

export function Unsubscribe({ group, onClose }: { group: GroupDetails; onClose(): void }) {
  const topics = topicsOf(group.offsets);
  const [topic, setTopic] = useState(topics[0]);
  const preview = useUnsubscribePreview(group.group, topic);
  const inTheWay = readersInTheWay(group.offsets, topic);
  const unsubscribe = useUnsubscribe(group.group);

  return (
    <GuardDialog
      title={`Unsubscribe ${group.group}`}
      name={group.group}
      action="Forget the offsets"
      busy={unsubscribe.isPending}
      refused={preview.isError || topic === undefined || inTheWay !== undefined}
      problem={topic === undefined ? "The group has no offsets to forget." : (problemText(unsubscribe.error ?? preview.error) ?? inTheWay)}
      onConfirm={() => topic !== undefined && unsubscribe.mutate(topic, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Field label="From the topic">
        {(ids) => (
          <Select
            {...ids}
            options={topics}
            value={topic}
            onChange={({ target }) => {
              unsubscribe.reset();
              setTopic(target.value);
            }}
          />
        )}
      </Field>
      {preview.data && (
        <div className="mt-4">
          <OffsetChanges changes={preview.data.changes} />
        </div>
      )}
    </GuardDialog>
  );
}
