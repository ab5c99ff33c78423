import { type FormEvent, useState } from "react";
import { useTopicNames } from "../../api/hooks/topicNames";
import { ActionButton } from "../../ui/ActionButton";
import { Combobox } from "../../ui/Combobox";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { TextField } from "../../ui/TextField";
import { MODES, type Question, type Wanted } from "../address";

const WANTED: readonly { id: Wanted; title: string }[] = [
  { id: "answer", title: "An answer" },
  { id: "passages", title: "Passages" },
];

/** The question, and where to look for it. */
export function AskForm({ question, onAsk }: { question: Question; onAsk(question: Question): void }) {
  const [draft, setDraft] = useState(question);
  const [scoped, setScoped] = useState(question.topic !== "" || question.source !== "");
  const change = (news: Partial<Question>) => setDraft({ ...draft, ...news });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (draft.text.trim() !== "") onAsk({ ...draft, text: draft.text.trim() });
  }

  return (
    <form aria-label="Ask the seer" noValidate onSubmit={submit} className="flex flex-col gap-3">
      <div className="flex gap-2 max-sm:flex-col">
        <div className="relative min-w-0 flex-1">
          <Icon name="search" className="pointer-events-none absolute top-1/2 left-3 -translate-y-1/2 text-faint" />
          <input
            type="search"
            name="q"
            aria-label="Question"
            placeholder="Ask what flowed through, or what a document says"
            autoComplete="off"
            className="field h-11 pl-10 text-base"
            value={draft.text}
            onChange={({ target }) => change({ text: target.value })}
          />
        </div>
        <ActionButton className="h-11 justify-center" off={draft.text.trim() === ""}>
          Ask
        </ActionButton>
      </div>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2 text-sm">
        <fieldset className="flex items-center gap-4">
          <legend className="sr-only">What is wanted</legend>
          {WANTED.map(({ id, title }) => (
            <label key={id} className="flex cursor-pointer items-center gap-1.5 text-soft hover:text-ink">
              <input type="radio" name="find" className="size-4 accent-accent" checked={draft.wanted === id} onChange={() => change({ wanted: id })} />
              {title}
            </label>
          ))}
        </fieldset>
        {draft.wanted === "passages" && <ModeField value={draft.mode} onChange={(mode) => change({ mode })} />}
        <button type="button" aria-expanded={scoped} onClick={() => setScoped(!scoped)} className="text-accent hover:text-accent-strong">
          {scoped ? "Look everywhere" : "Look in one topic or document"}
        </button>
      </div>
      {scoped && <ScopeFields draft={draft} onChange={change} />}
    </form>
  );
}

function ModeField({ value, onChange }: { value: Question["mode"]; onChange(mode: Question["mode"]): void }) {
  return (
    <label className="flex items-center gap-2 text-soft">
      by
      <select
        name="mode"
        className="field h-8 w-auto py-0 pr-2 text-sm"
        value={value}
        onChange={({ target }) => onChange(MODES.find(({ id }) => id === target.value)?.id ?? "both")}
      >
        {MODES.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

function ScopeFields({ draft, onChange }: { draft: Question; onChange(news: Partial<Question>): void }) {
  const topics = useTopicNames();
  const setTopic = (topic: string) => onChange({ topic });
  return (
    <div className="grid max-w-2xl gap-3 sm:grid-cols-2">
      <Field label="Topic">
        {(ids) => <Combobox {...ids} name="topic" className="field text-sm" placeholder="Any" value={draft.topic} options={topics} onChange={setTopic} onPick={setTopic} />}
      </Field>
      <TextField label="Document" name="source" className="field text-sm" placeholder="Any: its source, as the list has it" value={draft.source} onChange={(source) => onChange({ source })} />
    </div>
  );
}
