import { useState } from "react";
import { useTopicNames } from "../../api/hooks/topicNames";
import { topicNameError } from "../../lib/topicName";
import { Combobox } from "../../ui/Combobox";
import { Icon } from "../../ui/Icon";
import { StartChoice } from "./StartChoice";
import { type LogStart, TOPICS_MAX } from "./useLiveLog";

interface TopicPickerProps {
  followed: readonly string[];
  onFollow(topic: string, start: LogStart): void;
  onUnfollow(topic: string): void;
}

export function TopicPicker({ followed, onFollow, onUnfollow }: TopicPickerProps) {
  const [text, setText] = useState("");
  const [start, setStart] = useState<LogStart>("latest");
  const [wrong, setWrong] = useState<string>();
  const others = useTopicNames().filter(({ value }) => !followed.includes(value));

  function add(topic: string) {
    const error = topicNameError(topic) ?? (followed.length >= TOPICS_MAX ? `A stream follows at most ${TOPICS_MAX} topics.` : undefined);
    setWrong(error);
    if (error) return;
    onFollow(topic, start);
    setText("");
    setStart("latest");
  }

  return (
    <div>
      <div className="flex flex-wrap items-center gap-2">
        {followed.length > 0 && (
          <ul aria-label="Followed topics" className="contents">
            {followed.map((topic) => (
              <Chip key={topic} topic={topic} onRemove={() => onUnfollow(topic)} />
            ))}
          </ul>
        )}
        <div className="w-44">
          <Combobox
            aria-label="Add a topic to follow"
            aria-invalid={wrong !== undefined}
            placeholder="Add a topic"
            className="field h-8 py-0 text-sm"
            value={text}
            options={others}
            takesText
            onChange={(next) => {
              setText(next);
              setWrong(undefined);
            }}
            onPick={add}
          />
        </div>
        <StartChoice start={start} onChange={setStart} />
      </div>
      {wrong && (
        <p role="alert" className="mt-1.5 text-sm text-bad">
          {wrong}
        </p>
      )}
    </div>
  );
}

function Chip({ topic, onRemove }: { topic: string; onRemove(): void }) {
  return (
    <li className="flex h-8 max-w-full min-w-0 items-center rounded-lg bg-accent-wash pl-2.5 text-sm text-accent">
      <span className="truncate">{topic}</span>
      <button
        type="button"
        aria-label={`Stop following ${topic}`}
        onClick={onRemove}
        className="flex size-8 shrink-0 items-center justify-center rounded-lg hover:text-accent-strong"
      >
        <Icon name="cross" className="size-3" />
      </button>
    </li>
  );
}
