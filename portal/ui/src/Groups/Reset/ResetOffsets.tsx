import { type FormEvent, useMemo, useState } from "react";
import { type GroupDetails, useReset, useResetPreview } from "../../api/hooks/groups";
import { problemText } from "../../Cluster/problemText";
import { fieldTime } from "../../lib/localTime";
import { plural } from "../../lib/plural";
import { useSettled } from "../../lib/useSettled";
import { ActionButton } from "../../ui/ActionButton";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import { TextField } from "../../ui/TextField";
import { DialogButtons, TitledDialog } from "../../ui/TitledDialog";
import { OffsetChanges, changed } from "../OffsetChanges";
import { membersInTheWay } from "../inTheWay";
import { ResetFields } from "./ResetFields";
import { type ResetForm, readResetForm } from "./resetForm";

const SETTLED_MS = 300;

const newForm = (): ResetForm => ({
  topic: undefined,
  partition: undefined,
  target: "earliest",
  time: fieldTime(Date.now() - 3_600_000),
  shift: "-10",
  offset: "0",
});

/** What would change stands there before the button can be pressed, and the group's name is typed. */
export function ResetOffsets({ group, onClose }: { group: GroupDetails; onClose(): void }) {
  const [form, setForm] = useState(newForm);
  const [typed, setTyped] = useState("");
  const { reset, error } = useMemo(() => readResetForm(form), [form]);
  const settled = useSettled(reset, SETTLED_MS);
  const preview = useResetPreview(group.group, settled);
  const write = useReset(group.group);
  const inTheWay = membersInTheWay(preview.data);
  const problem = problemText(write.error ?? preview.error) ?? inTheWay;
  const offsets = changed(preview.data?.changes ?? []);
  const previewed = settled === reset && preview.isSuccess && offsets > 0;
  const off = !reset || !previewed || inTheWay !== undefined || typed !== group.group || write.isPending;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!off) write.mutate(reset, { onSuccess: onClose });
  }

  return (
    <TitledDialog title={`Reset the offsets of ${group.group}`} onClose={onClose}>
      <form noValidate aria-label="Reset offsets" onSubmit={submit} className="flex flex-col gap-4">
        <ResetFields
          offsets={group.offsets}
          form={form}
          error={error}
          onChange={(news) => {
            write.reset();
            setForm((before) => ({ ...before, ...news }));
          }}
        />
        {problem && <Notice tone="bad">{problem}</Notice>}
        {reset && preview.data && <OffsetChanges changes={preview.data.changes} />}
        <TextField
          label="Type the group's name to go on"
          hint={<span className="font-mono wrap-anywhere">{group.group}</span>}
          value={typed}
          onChange={setTyped}
        />
        <DialogButtons>
          <Button className="h-9" onClick={onClose}>
            Cancel
          </Button>
          <ActionButton tone="bad" off={off}>
            {preview.data ? `Reset ${plural(offsets, "offset")}` : "Reset"}
          </ActionButton>
        </DialogButtons>
      </form>
    </TitledDialog>
  );
}
