import { type FormEvent, useState } from "react";
import { useLocation } from "wouter";
import { useTopicNames } from "../api/hooks/topicNames";
import { isMessageId } from "../lib/messageId";
import { topicNameError } from "../lib/topicName";
import { ActionButton } from "../ui/ActionButton";
import { Combobox } from "../ui/Combobox";
import { Field } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { TextField } from "../ui/TextField";
import { MESSAGES, messageLink } from "./address";
import { SPANS, type Search, fromLocalInput, searchParams, toLocalInput } from "./search";

const ANY = "";
const INSTANT = "instant";

/** One form for both ways to a message: its id, or what one knows of it. */
export function SearchForm({ search }: { search: Search }) {
  const [, navigate] = useLocation();
  const [id, setId] = useState("");
  const [topic, setTopic] = useState(search.topic);
  const [key, setKey] = useState(search.key ?? "");
  const [since, setSince] = useState(search.since);
  const [wrongId, setWrongId] = useState(false);
  const topicError = topic === "" ? undefined : topicNameError(topic);

  function submit(event: FormEvent) {
    event.preventDefault();
    const wanted = id.trim();
    if (wanted !== "") {
      if (isMessageId(wanted)) navigate(messageLink(wanted, searchParams(search).toString()));
      else setWrongId(true);
      return;
    }
    if (topicError) return;
    const query = searchParams({ topic, key: key === "" ? null : key, since }).toString();
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
      <div className="grid gap-3 sm:grid-cols-2">
        <TopicField value={topic} error={topicError} onChange={setTopic} />
        <TextField label="Key" name="key" className="field text-sm" placeholder="Any" value={key} onChange={setKey} />
      </div>
      <SinceField value={since} onChange={setSince} />
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

/** When it was consumed: a span back from now, or an instant. */
function SinceField({ value, onChange }: { value: string; onChange(since: string): void }) {
  const isInstant = value !== ANY && !(value in SPANS);
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label="Consumed">
        {(ids) => (
          <div className="relative">
            <select
              {...ids}
              className="field appearance-none pr-9 text-sm"
              value={isInstant ? INSTANT : value}
              onChange={({ target }) => onChange(target.value === INSTANT ? new Date().toISOString() : target.value)}
            >
              <option value={ANY}>at any time</option>
              {Object.entries(SPANS).map(([name, { title }]) => (
                <option key={name} value={name}>
                  within {title}
                </option>
              ))}
              <option value={INSTANT}>since …</option>
            </select>
            <Icon name="down" className="pointer-events-none absolute top-1/2 right-3 size-3.5 -translate-y-1/2 text-faint" />
          </div>
        )}
      </Field>
      {isInstant && (
        <TextField
          label="Since"
          type="datetime-local"
          step={1}
          className="field text-sm"
          value={toLocalInput(value)}
          onChange={(text) => onChange(fromLocalInput(text) || value)}
        />
      )}
    </div>
  );
}
