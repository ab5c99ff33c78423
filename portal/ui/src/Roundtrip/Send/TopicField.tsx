import type { TopicTotals } from "../../api/hooks/status";
import { count } from "../../lib/format";
import { topicNameError } from "../../lib/topicName";
import { Combobox } from "../../ui/Combobox";
import { Field } from "../../ui/Field";

interface TopicFieldProps {
  value: string;
  topics: readonly TopicTotals[];
  error: string | undefined;
  onChange(topic: string): void;
  onLeave(): void;
}

export function TopicField({ value, topics, error, onChange, onLeave }: TopicFieldProps) {
  const known = topics.some(({ topic }) => topic === value);
  const isNew = topics.length > 0 && !known && topicNameError(value) === undefined;
  return (
    <Field label="Topic" error={error} hint={isNew && "No message was read from a topic of this name yet."}>
      {(ids) => (
        <div onBlur={onLeave}>
          <Combobox
            {...ids}
            name="topic"
            className="field"
            placeholder="Choose a topic, or name a new one"
            value={value}
            options={topicOptions(topics)}
            onChange={onChange}
            onPick={onChange}
          />
        </div>
      )}
    </Field>
  );
}

export const topicOptions = (topics: readonly TopicTotals[]) =>
  topics.map(({ topic, n_consumed }) => ({ value: topic, note: count(n_consumed) }));
