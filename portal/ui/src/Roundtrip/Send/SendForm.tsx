import { type FormEvent, type KeyboardEvent, Suspense, lazy, useEffect, useRef, useState } from "react";
import type { Draft, Header } from "../../api/hooks/produce";
import type { Problem } from "../../api/http";
import type { TopicTotals } from "../../api/hooks/status";
import { elapsed } from "../../lib/format";
import { useNow } from "../../lib/useNow";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Notice } from "../../ui/Notice";
import { Panel } from "../../ui/Panel";
import { Select } from "../../ui/Select";
import type { BurstPlan } from "../Burst/burst";
import { nthValues } from "../Burst/counter";
import type { Sending } from "../useSending";
import { KeyField } from "./KeyField";
import { MessageField } from "./MessageField";
import { TopicField } from "./TopicField";
import { type FormValues, formatOf, lastFormStore } from "./formValues";
import { type FormErrors, errorsOf } from "./formErrors";
import { FORMATS, type Format } from "./formats";

const HeadersField = lazy(async () => ({ default: (await import("./HeadersField")).HeadersField }));
const BurstFields = lazy(async () => ({ default: (await import("../Burst/BurstFields")).BurstFields }));
const CreateTopic = lazy(async () => ({ default: (await import("../../Topics/Create/CreateTopic")).CreateTopic }));
const loadReading = () => import("./readDraft");
const UNREAD: Problem = { status: 503, title: "Not loaded", detail: "the portal gave no answer, and a part of the page is still there" };

interface SendFormProps {
  topics: readonly TopicTotals[];
  sending: Sending;
  onBurst(plan: BurstPlan): void;
}

export function SendForm({ topics, sending, onBurst }: SendFormProps) {
  const [values, setValues] = useState(lastFormStore.get);
  const [errors, setErrors] = useState<FormErrors>({});
  const [bursting, setBursting] = useState(false);
  const [creating, setCreating] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const reading = useRef(false);
  const format = formatOf(values);
  // Behind the first picture and not with the first DoIt: the portal may be gone by then.
  useEffect(() => void loadReading().catch(() => {}), []);

  /** A change takes away the complaint about what was changed. */
  function change(news: Partial<FormValues>) {
    setValues((before) => ({ ...before, ...news }));
    setErrors((before) => {
      const left = { ...before };
      for (const name of [...Object.keys(news), "form"] as (keyof FormErrors)[]) delete left[name];
      return left;
    });
  }

  /** undefined: something is wrong, and was said. */
  async function read(shown = values): Promise<Draft | undefined> {
    const result = await loadReading().then(({ readDraft }) => readDraft(shown)).catch(() => ({ errors: errorsOf(UNREAD) }));
    if ("errors" in result) {
      complain(result.errors);
      return undefined;
    }
    setErrors({});
    lastFormStore.set(values);
    return result.draft;
  }

  async function submit(event?: FormEvent) {
    event?.preventDefault();
    if (sending.busySinceMs !== undefined || reading.current) return;
    reading.current = true;
    const draft = await read();
    reading.current = false;
    const problem = draft && (await sending.send(draft));
    if (problem) complain(errorsOf(problem));
  }

  async function changeFormat(to: Format) {
    const [contentType = ""] = FORMATS[to].contentTypes;
    change({ format: to, contentType });
    const { rewritten } = await loadReading();
    const value = rewritten(values.value, format, to);
    if (value !== undefined) change({ value });
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
        <TopicField
          value={values.topic}
          topics={topics}
          error={errors.topic}
          onChange={(topic) => change({ topic })}
          onCreate={() => setCreating(true)}
        />
        <KeyField value={values.key} whenEmpty={values.whenEmpty} error={errors.key} onChange={change} />
        <MessageField
          value={values.value}
          sample={bursting ? nthValues(values, 1).value : values.value}
          format={format}
          error={errors.value}
          onChange={(value) => change({ value })}
          onFormat={changeFormat}
        />
        <Field label="Content type" error={errors.contentType}>
          {(ids) => (
            <Select
              {...ids}
              name="contentType"
              options={FORMATS[format].contentTypes}
              value={values.contentType}
              onChange={(event) => change({ contentType: event.target.value })}
            />
          )}
        </Field>
        <Headers headers={values.headers ?? []} error={errors.headers} onChange={(headers) => change({ headers })} />
        {errors.form && <Notice tone="bad">{errors.form}</Notice>}
        <div className="flex items-center gap-4 pt-1">
          <DoIt busySinceMs={sending.busySinceMs} />
          <p className="hidden text-xs text-faint sm:block">
            <kbd className="font-sans">Ctrl</kbd> + <kbd className="font-sans">Enter</kbd>
          </p>
          <Button aria-expanded={bursting} className="h-10 sm:ml-auto" onClick={() => setBursting(!bursting)}>
            Burst
          </Button>
        </div>
        {bursting && (
          <Suspense>
            <BurstFields values={values} read={read} onStart={onBurst} />
          </Suspense>
        )}
      </form>
      {creating && (
        <Suspense>
          <CreateTopic name={values.topic} onCreated={() => setCreating(false)} onClose={() => setCreating(false)} />
        </Suspense>
      )}
    </Panel>
  );
}

interface HeadersProps {
  headers: readonly Header[];
  error: string | undefined;
  onChange(headers: readonly Header[]): void;
}

/** Most messages have none: then it is a button. */
function Headers({ headers, error, onChange }: HeadersProps) {
  if (headers.length === 0) {
    return (
      <Button icon="plus" className="self-start" onClick={() => onChange([{ name: "", value: "" }])}>
        Headers
      </Button>
    );
  }
  return (
    <Suspense>
      <HeadersField headers={headers} error={error} onChange={onChange} />
    </Suspense>
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
