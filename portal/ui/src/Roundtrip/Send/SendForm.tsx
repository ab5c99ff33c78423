import { type FormEvent, type KeyboardEvent, useRef, useState } from "react";
import type { TopicTotals } from "../../api/hooks/status";
import { topicNameError } from "../../lib/topicName";
import { elapsed } from "../../lib/format";
import { useNow } from "../../lib/useNow";
import { Field } from "../../ui/Field";
import { Notice } from "../../ui/Notice";
import { Panel } from "../../ui/Panel";
import { Select } from "../../ui/Select";
import type { Sending } from "../useSending";
import { KeyField } from "./KeyField";
import { MessageField } from "./MessageField";
import { TopicField } from "./TopicField";
import { CONTENT_TYPES, type FormValues, draftOf, lastFormStore } from "./formValues";
import { type FormErrors, errorsOf } from "./formErrors";

interface SendFormProps {
  topics: readonly TopicTotals[];
  sending: Sending;
}

export function SendForm({ topics, sending }: SendFormProps) {
  const [values, setValues] = useState(lastFormStore.get);
  const [errors, setErrors] = useState<FormErrors>({});
  const form = useRef<HTMLFormElement>(null);

  /** A change takes away the complaint about what was changed. */
  function change(news: Partial<FormValues>) {
    setValues((before) => ({ ...before, ...news }));
    setErrors((before) => {
      const left = { ...before };
      for (const name of [...Object.keys(news), "form"] as (keyof FormErrors)[]) delete left[name];
      return left;
    });
  }

  async function submit(event?: FormEvent) {
    event?.preventDefault();
    if (sending.busySinceMs !== undefined) return;
    const wrongTopic = topicNameError(values.topic);
    if (wrongTopic) return complain({ topic: wrongTopic });
    setErrors({});
    lastFormStore.set(values);
    const problem = await sending.send(draftOf(values));
    if (problem) complain(errorsOf(problem));
  }

  function complain(found: FormErrors) {
    setErrors(found);
    const [first = ""] = Object.keys(found);
    const input = form.current?.elements.namedItem(first);
    if (input instanceof HTMLElement) input.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void submit();
  }

  return (
    <Panel title="Send" className="self-start">
      <form ref={form} noValidate aria-label="Send a message" className="flex flex-col gap-4" onSubmit={submit} onKeyDown={onKeyDown}>
        <TopicField value={values.topic} topics={topics} error={errors.topic} onChange={(topic) => change({ topic })} />
        <KeyField value={values.key} whenEmpty={values.whenEmpty} error={errors.key} onChange={change} />
        <MessageField value={values.value} contentType={values.contentType} error={errors.value} onChange={(value) => change({ value })} />
        <Field label="Content type" error={errors.contentType}>
          {(ids) => (
            <Select
              {...ids}
              name="contentType"
              options={CONTENT_TYPES}
              value={values.contentType}
              onChange={(event) => change({ contentType: event.target.value })}
            />
          )}
        </Field>
        {errors.form && <Notice tone="bad">{errors.form}</Notice>}
        <div className="flex items-center gap-4 pt-1">
          <DoIt busySinceMs={sending.busySinceMs} />
          <p className="hidden text-xs text-faint sm:block">
            <kbd className="font-sans">Ctrl</kbd> + <kbd className="font-sans">Enter</kbd>
          </p>
        </div>
      </form>
    </Panel>
  );
}

/** Stays in the tab order while it waits, so that the focus is not lost. */
function DoIt({ busySinceMs }: { busySinceMs: number | undefined }) {
  const busy = busySinceMs !== undefined;
  const now = useNow(100, busy);
  const waitedMs = busy ? now - busySinceMs : 0;
  return (
    <button
      type="submit"
      aria-disabled={busy}
      className="h-10 w-full min-w-32 rounded-lg bg-accent px-6 sm:w-auto font-semibold text-on-accent transition-colors hover:bg-accent-strong aria-disabled:cursor-default aria-disabled:opacity-70"
    >
      DoIt
      {waitedMs > 300 && <span className="figures ml-2 font-normal">{elapsed(waitedMs)}</span>}
    </button>
  );
}
