import { type FormEvent, useState } from "react";
import { type TopicDetails, useAddPartitions } from "../api/hooks/topics";
import { problemText } from "../Cluster/problemText";
import { count } from "../lib/format";
import { wholeNumber } from "../lib/wholeNumber";
import { ActionButton } from "../ui/ActionButton";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { TextField } from "../ui/TextField";
import { DialogButtons, TitledDialog } from "../ui/TitledDialog";
import { PARTITIONS_MAX } from "./Create/topicDraft";

export function AddPartitions({ topic, onClose }: { topic: TopicDetails; onClose(): void }) {
  const now = topic.partitions.length;
  const [text, setText] = useState(String(now + 1));
  const add = useAddPartitions(topic.name);
  const total = wholeNumber(text);
  const wrong = total === undefined || total <= now || total > PARTITIONS_MAX ? `${now + 1} to ${PARTITIONS_MAX} in all: partitions cannot be taken away.` : undefined;
  const problem = problemText(add.error);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (total !== undefined && !wrong && !add.isPending) add.mutate(total, { onSuccess: onClose });
  }

  return (
    <TitledDialog title={`Add partitions to ${topic.name}`} onClose={onClose}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-sm text-pretty text-soft">
          It has {count(now)} now. Messages with a key go to a partition by that key: from then on many keys go to another one than before, and their
          order across the change is lost.
        </p>
        <TextField label="Partitions in all" inputMode="numeric" value={text} error={wrong} onChange={setText} />
        {problem && <Notice tone="bad">{problem}</Notice>}
        <DialogButtons>
          <Button className="h-9" onClick={onClose}>
            Cancel
          </Button>
          <ActionButton off={wrong !== undefined || add.isPending}>Add</ActionButton>
        </DialogButtons>
      </form>
    </TitledDialog>
  );
}
