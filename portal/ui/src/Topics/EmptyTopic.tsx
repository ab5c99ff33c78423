import { useState } from "react";
import { type TopicDetails, useEmptyTopic } from "../api/hooks/topics";
import { problemText } from "../Cluster/problemText";
import { plural } from "../lib/plural";
import { Field } from "../ui/Field";
import { GuardDialog } from "../ui/GuardDialog";
import { Select } from "../ui/Select";
import { sumOfMessages } from "./TopicFacts";

const ALL = "All partitions";
const optionOf = (partition: number) => `Partition ${partition}`;

export function EmptyTopic({ topic, onClose }: { topic: TopicDetails; onClose(): void }) {
  const [chosen, setChosen] = useState(ALL);
  const empty = useEmptyTopic(topic.name);
  const partitions = topic.partitions.filter(({ partition }) => chosen === ALL || chosen === optionOf(partition));
  const messages = sumOfMessages({ partitions });

  return (
    <GuardDialog
      title={`Empty ${topic.name}?`}
      name={topic.name}
      action="Delete the messages"
      busy={empty.isPending}
      problem={problemText(empty.error)}
      onConfirm={() => empty.mutate(chosen === ALL ? undefined : partitions.map(({ partition }) => partition), { onSuccess: onClose })}
      onClose={onClose}
    >
      <p className="mb-4">
        Deletes what stands there now{messages !== null && `, ${plural(messages, "message")}`}. The topic and its settings stay, and its offsets go on.
        It cannot be undone.
      </p>
      <Field label="Which">
        {(ids) => (
          <Select
            {...ids}
            options={[ALL, ...topic.partitions.map(({ partition }) => optionOf(partition))]}
            value={chosen}
            onChange={({ target }) => setChosen(target.value)}
          />
        )}
      </Field>
    </GuardDialog>
  );
}
