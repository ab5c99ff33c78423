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
}

export function TopicField({ value, topics, error, onChange }: TopicFieldProps) {
  const wrong = value === "" ? undefined : topicNameError(value);
  const known = topics.some(({ topic }) => topic === value);
  const isNew = topics.length > 0 && !known && value !== "" && !wrong;
  return (
    <Field label="Topic" error={error ?? wrong} hint={isNew && "No message was read from a topic of this name yet."}>
      {(ids) => (
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
      )}
    </Field>
  );
}

export const topicOptions = (topics: readonly TopicTotals[]) =>
  topics.map(({ topic, n_consumed }) => ({ value: topic, note: count(n_consumed) }));
