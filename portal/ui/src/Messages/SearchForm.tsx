import { type FormEvent, useState } from "react";
import { useLocation } from "wouter";
import { useTopicNames } from "../api/hooks/topicNames";
import { isMessageId } from "../lib/messageId";
import { sentence } from "../lib/sentence";
import { topicNameError } from "../lib/topicName";
import { ActionButton } from "../ui/ActionButton";
import { Combobox } from "../ui/Combobox";
import { Field } from "../ui/Field";
import { TextField } from "../ui/TextField";
import { KeyField, type KeyInput } from "./KeyField";
import { TimeFields } from "./TimeFields";
import { MESSAGES, messageLink } from "./address";
import { type Search, keyFault, searchParams } from "./search";

const keyOf = ({ text, empty }: KeyInput) => (text === "" && !empty ? null : text);

/** One form for both ways to a message: its id, or what one knows of it. */
export function SearchForm({ search }: { search: Search }) {
  const [, navigate] = useLocation();
  const [id, setId] = useState("");
  const [topic, setTopic] = useState(search.topic);
  const [key, setKey] = useState<KeyInput>({ text: search.key ?? "", form: search.keyForm, empty: search.key === "" });
  const [times, setTimes] = useState({ since: search.since, until: search.until });
  const [wrongId, setWrongId] = useState(false);
  const [wrongKey, setWrongKey] = useState<string>();
  const topicError = topic === "" ? undefined : topicNameError(topic);

  function submit(event: FormEvent) {
    event.preventDefault();
    const wanted = id.trim();
    if (wanted !== "") {
      if (isMessageId(wanted)) navigate(messageLink(wanted, searchParams(search).toString()));
      else setWrongId(true);
      return;
    }
    const fault = keyFault(key.text, key.form);
    setWrongKey(fault && sentence(fault));
    if (topicError || fault) return;
    const query = searchParams({ topic, key: keyOf(key), keyForm: key.form, ...times }).toString();
    navigate(query ? `${MESSAGES}?${query}` : MESSAGES);
  }

  return (
    <form aria-label="Search messages" noValidate className="flex flex-col gap-3" onSubmit={submit}>
      <TextField
        label="Id"
        name="id"
        className="field font-mono text-sm"
        placeholder="UUID, or topic/partition/offset"
        error={wrongId ? "An id is a UUID, or topic/partition/offset." : undefined}
        value={id}
        onChange={(next) => {
          setId(next);
          setWrongId(false);
        }}
      />
      <TopicField value={topic} error={topicError} onChange={setTopic} />
      <KeyField
        value={key}
        error={wrongKey}
        onChange={(news) => {
          setKey((before) => ({ ...before, ...news }));
          setWrongKey(undefined);
        }}
      />
      <TimeFields {...times} onChange={setTimes} />
      <div>
        <ActionButton>Search</ActionButton>
      </div>
    </form>
  );
}

function TopicField({ value, error, onChange }: { value: string; error: string | undefined; onChange(topic: string): void }) {
  const options = useTopicNames();
  return (
    <Field label="Topic" error={error}>
      {(ids) => <Combobox {...ids} name="topic" className="field text-sm" placeholder="Any" value={value} options={options} onChange={onChange} onPick={onChange} />}
    </Field>
  );
}
