import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { TextField } from "../../ui/TextField";
import { CLEANUPS, type TopicErrors, type TopicForm } from "./topicDraft";

const BROKERS_DEFAULT = "the broker's default";

interface TopicFieldsProps {
  form: TopicForm;
  errors: TopicErrors;
  onChange(news: Partial<TopicForm>): void;
}

export function TopicFields({ form, errors, onChange }: TopicFieldsProps) {
  return (
    <>
      <TextField name="name" label="Name" value={form.name} error={errors.name} onChange={(name) => onChange({ name })} />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          name="partitions"
          label="Partitions"
          inputMode="numeric"
          value={form.partitions}
          error={errors.partitions}
          hint="They can be added to later, not taken away."
          onChange={(partitions) => onChange({ partitions })}
        />
        <TextField
          name="replication"
          label="Replication"
          inputMode="numeric"
          value={form.replication}
          error={errors.replication}
          hint="Copies of each partition."
          onChange={(replication) => onChange({ replication })}
        />
        <Field label="Cleanup">
          {(ids) => (
            <Select
              {...ids}
              name="cleanup"
              options={[BROKERS_DEFAULT, ...CLEANUPS]}
              value={form.cleanup || BROKERS_DEFAULT}
              onChange={({ target }) => onChange({ cleanup: target.value === BROKERS_DEFAULT ? "" : target.value })}
            />
          )}
        </Field>
        <TextField
          name="retention"
          label="Retention"
          placeholder={BROKERS_DEFAULT}
          value={form.retention}
          error={errors.retention}
          hint="7 d, 12 h, forever"
          onChange={(retention) => onChange({ retention })}
        />
      </div>
      <Field label="Further settings" hint="name=value, one a line" error={errors.more}>
        {(ids) => (
          <textarea
            {...ids}
            name="more"
            rows={2}
            spellCheck={false}
            className="field font-mono text-sm"
            value={form.more}
            onChange={(event) => onChange({ more: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}
