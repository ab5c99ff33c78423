import { Suspense, lazy } from "react";
import type { TopicTotals } from "../../api/hooks/status";
import { useTopicNames } from "../../api/hooks/topicNames";
import { topicNameError } from "../../lib/topicName";
import { Combobox } from "../../ui/Combobox";
import { Field } from "../../ui/Field";

// Most sends go to a topic that is there.
const NewTopic = lazy(async () => ({ default: (await import("./NewTopic")).NewTopic }));

interface TopicFieldProps {
  value: string;
  /** Those that were read. */
  topics: readonly TopicTotals[];
  error: string | undefined;
  onChange(topic: string): void;
  /** To make it, with partitions and settings of one's own. */
  onCreate(): void;
}

const NOT_READ = "No message was read from a topic of this name yet.";

export function TopicField({ value, topics, error, onChange, onCreate }: TopicFieldProps) {
  const names = useTopicNames();
  const wrong = value === "" ? undefined : topicNameError(value);
  const known = topics.some(({ topic }) => topic === value);
  const isNew = topics.length > 0 && !known && value !== "" && !wrong;
  return (
    <Field
      label="Topic"
      error={error ?? wrong}
      hint={
        isNew && (
          <Suspense fallback={NOT_READ}>
            <NewTopic topic={value} notKnown={NOT_READ} onCreate={onCreate} />
          </Suspense>
        )
      }
    >
      {(ids) => (
        <Combobox
          {...ids}
          name="topic"
          className="field"
          placeholder="Choose a topic, or name a new one"
          value={value}
          options={names}
          onChange={onChange}
          onPick={onChange}
        />
      )}
    </Field>
  );
}
