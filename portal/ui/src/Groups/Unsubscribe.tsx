import { useState } from "react";
import { type GroupDetails, useUnsubscribe, useUnsubscribeCheck } from "../api/hooks/groups";
import { problemText } from "../Cluster/problemText";
import { count } from "../lib/format";
import { Field } from "../ui/Field";
import { GuardDialog } from "../ui/GuardDialog";
import { Cell, PlainTable, ROW } from "../ui/PlainTable";
import { Select } from "../ui/Select";
import { topicsOf } from "./offsets";

const HEADS = [{ title: "Partition", right: true }, { title: "Forgotten offset", right: true }, { title: "Lag", right: true }];

export function Unsubscribe({ group, onClose }: { group: GroupDetails; onClose(): void }) {
  const topics = topicsOf(group.offsets);
  const [topic, setTopic] = useState(topics[0]);
  const check = useUnsubscribeCheck(group.group, topic);
  const unsubscribe = useUnsubscribe(group.group);
  const forgotten = group.offsets.filter((offset) => offset.topic === topic && offset.committed !== null);

  return (
    <GuardDialog
      title={`Unsubscribe ${group.group}`}
      name={group.group}
      action="Forget the offsets"
      busy={unsubscribe.isPending}
      refused={check.isError || topic === undefined}
      problem={topic === undefined ? "The group has no offsets to forget." : problemText(unsubscribe.error ?? check.error)}
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
      <div className="mt-4 max-h-48 overflow-y-auto">
        <PlainTable label="What is forgotten" heads={HEADS}>
          {forgotten.map(({ partition, committed, lag }) => (
            <tr key={partition} className={ROW}>
              <Cell right>{partition}</Cell>
              <Cell right>{committed === null ? "–" : count(committed)}</Cell>
              <Cell right>{lag === null ? "–" : count(lag)}</Cell>
            </tr>
          ))}
        </PlainTable>
      </div>
    </GuardDialog>
  );
}
