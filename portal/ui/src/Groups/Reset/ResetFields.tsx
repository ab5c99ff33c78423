import type { GroupOffset } from "../../api/hooks/groups";
import { wholeNumber } from "../../lib/wholeNumber";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { TextField } from "../../ui/TextField";
import { partitionsOf, topicsOf } from "../offsets";
import { type ResetForm, TARGETS } from "./resetForm";

const ALL_TOPICS = "All of its topics";
const ALL_PARTITIONS = "All";

interface ResetFieldsProps {
  offsets: readonly GroupOffset[];
  form: ResetForm;
  error: string | undefined;
  onChange(news: Partial<ResetForm>): void;
}

export function ResetFields({ offsets, form, error, onChange }: ResetFieldsProps) {
  const partitions = form.topic === undefined ? [] : partitionsOf(offsets, form.topic);
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="Topic">
        {(ids) => (
          <Select
            {...ids}
            options={[ALL_TOPICS, ...topicsOf(offsets)]}
            value={form.topic ?? ALL_TOPICS}
            onChange={({ target }) => onChange({ topic: target.value === ALL_TOPICS ? undefined : target.value, partition: undefined })}
          />
        )}
      </Field>
      <Field label="Partition">
        {(ids) => (
          <Select
            {...ids}
            options={[ALL_PARTITIONS, ...partitions.map(String)]}
            disabled={partitions.length === 0}
            value={form.partition === undefined ? ALL_PARTITIONS : String(form.partition)}
            onChange={({ target }) => onChange({ partition: wholeNumber(target.value) })}
          />
        )}
      </Field>
      <Field label="Where to">
        {(ids) => (
          <Select
            {...ids}
            options={TARGETS.map(({ title }) => title)}
            value={TARGETS.find(({ id }) => id === form.target)?.title}
            onChange={({ target }) => onChange({ target: TARGETS.find(({ title }) => title === target.value)?.id ?? "earliest" })}
          />
        )}
      </Field>
      <TargetField form={form} error={error} onChange={onChange} />
    </div>
  );
}

function TargetField({ form, error, onChange }: Omit<ResetFieldsProps, "offsets">) {
  switch (form.target) {
    case "time":
      return <TextField label="Time" type="datetime-local" step={1} value={form.time} error={error} onChange={(time) => onChange({ time })} />;
    case "shift":
      return <TextField label="Messages" hint="-10 goes back by ten" value={form.shift} error={error} onChange={(shift) => onChange({ shift })} />;
    case "offset":
      return <TextField label="Offset" inputMode="numeric" value={form.offset} error={error} onChange={(offset) => onChange({ offset })} />;
    default:
      return null;
  }
}
