import { useState } from "react";
import { useTopicNames } from "../../api/hooks/topicNames";
import { topicNameError } from "../../lib/topicName";
import { Combobox } from "../../ui/Combobox";

/** One topic, or with an empty field all of them together. What is typed counts when it is taken, or is a name one has. */
export function TopicChoice({ topic, onChange }: { topic: string; onChange(topic: string): void }) {
  const names = useTopicNames();
  const [typed, setTyped] = useState<string>();
  const text = typed ?? topic;

  function take(next: string) {
    if (next !== "" && topicNameError(next)) return;
    setTyped(undefined);
    onChange(next);
  }
  return (
    <div className="max-sm:col-span-2 sm:w-44">
      <Combobox
        aria-label="Topic"
        aria-invalid={text !== "" && topicNameError(text) !== undefined}
        className="field text-sm"
        placeholder="All topics"
        value={text}
        options={names}
        takesText
        onChange={(next) => (next === "" || names.some(({ value }) => value === next) ? take(next) : setTyped(next))}
        onPick={take}
      />
    </div>
  );
}
