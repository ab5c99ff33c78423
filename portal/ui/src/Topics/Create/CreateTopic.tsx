import { type FormEvent, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useCluster } from "../../api/hooks/cluster";
import { useCreateTopic, useTopicCheck, useTopics } from "../../api/hooks/topics";
import { problemOf } from "../../api/http";
import { topicLink } from "../../Cluster/links";
import { useSettled } from "../../lib/useSettled";
import { ActionButton } from "../../ui/ActionButton";
import { Button } from "../../ui/Button";
import { DialogButtons, TitledDialog } from "../../ui/TitledDialog";
import { Notice } from "../../ui/Notice";
import { TopicFields } from "./TopicFields";
import { type TopicErrors, type TopicForm, errorsOfProblem, readTopicForm } from "./topicDraft";

const NEW: TopicForm = { name: "", partitions: "1", replication: "1", cleanup: "", retention: "", more: "" };
const SETTLED_MS = 400;

interface CreateTopicProps {
  /** To begin with. */
  name?: string;
  /** Without it the new topic is shown. */
  onCreated?(): void;
  onClose(): void;
}

/** What is typed is checked here at once, and by the broker (which makes nothing yet) as soon as one pauses. */
export function CreateTopic({ name = "", onCreated, onClose }: CreateTopicProps) {
  const [, navigate] = useLocation();
  const { form, change, errors, draft } = useTopicForm(name);
  const settled = useSettled(draft, SETTLED_MS);
  const check = useTopicCheck(settled);
  const create = useCreateTopic();
  const element = useRef<HTMLFormElement>(null);
  const checked = settled === draft && draft !== undefined;
  const refused = create.error ?? (checked ? check.error : null);
  const shown: TopicErrors = { ...(refused && errorsOfProblem(problemOf(refused))), ...errors };

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!draft) return focusFirst(element.current, shown);
    create.mutate(draft, { onSuccess: onCreated ?? (() => navigate(topicLink(draft.name))) });
  }

  return (
    <TitledDialog title="Create a topic" onClose={onClose}>
      <form ref={element} noValidate aria-label="Create a topic" onSubmit={submit} className="flex flex-col gap-4">
        <TopicFields
          form={form}
          errors={shown}
          onChange={(news) => {
            create.reset();
            change(news);
          }}
        />
        {shown.form && <Notice tone="bad">{shown.form}</Notice>}
        <DialogButtons>
          <p role="status" className="mr-auto text-xs text-faint">
            {checked && check.isSuccess && "The broker would take it."}
          </p>
          <Button className="h-9" onClick={onClose}>
            Cancel
          </Button>
          <ActionButton off={create.isPending || (checked && check.isError)}>Create</ActionButton>
        </DialogButtons>
      </form>
    </TitledDialog>
  );
}

/** The fields, and what is wrong with those that were touched. */
function useTopicForm(name: string) {
  const [form, setForm] = useState({ ...NEW, name });
  const [touched, setTouched] = useState(false);
  const cluster = useCluster().data;
  const topics = useTopics({ internal: true }).data;
  const read = useMemo(
    () => readTopicForm(form, { brokers: cluster?.brokers.length ?? 0, names: topics?.topics.map((topic) => topic.name) ?? [] }),
    [form, cluster, topics],
  );
  return {
    form,
    draft: read.draft,
    // Nobody is told off for a form that was just opened.
    errors: touched ? read.errors : {},
    change(news: Partial<TopicForm>) {
      setTouched(true);
      setForm((before) => ({ ...before, ...news }));
    },
  };
}

function focusFirst(form: HTMLFormElement | null, errors: TopicErrors) {
  const input = form?.elements.namedItem(Object.keys(errors)[0] ?? "name");
  if (input instanceof HTMLElement) input.focus();
}
