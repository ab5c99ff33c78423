// What was typed about a new topic, and the topic it means.
import type { TopicDraft } from "../../api/hooks/topics";
import type { Problem } from "../../api/http";
import { sentence } from "../../lib/sentence";
import { parseTimeSpan } from "../../lib/timeSpan";
import { topicNameError } from "../../lib/topicName";
import { wholeNumber } from "../../lib/wholeNumber";

export interface TopicForm {
  name: string;
  partitions: string;
  replication: string;
  /** "": as the broker has it. */
  cleanup: string;
  retention: string;
  /** Further settings, name=value a line. */
  more: string;
}

export type TopicErrors = Partial<Record<keyof TopicForm | "form", string>>;

export const CLEANUPS = ["delete", "compact", "compact,delete"] as const;
/** The steward's own maximum. */
export const PARTITIONS_MAX = 10_000;

interface Cluster {
  brokers: number;
  names: readonly string[];
}

/** The topic, when nothing is wrong; otherwise what is, by field. */
export function readTopicForm(form: TopicForm, cluster: Cluster): { draft?: TopicDraft; errors: TopicErrors } {
  const errors: TopicErrors = {};
  const note = (field: keyof TopicForm, error: string | undefined) => {
    if (error) errors[field] = error;
  };
  const partitions = wholeNumber(form.partitions);
  const replication = wholeNumber(form.replication);
  const more = readSettings(form.more);

  note("name", nameError(form.name, cluster.names));
  note("partitions", rangeError(partitions, PARTITIONS_MAX, "partitions"));
  note("replication", replicationError(replication, cluster.brokers));
  note("retention", form.retention && parseTimeSpan(form.retention) === undefined ? 'A span like "7 d", "12 h", "30 min", or "forever".' : undefined);
  note("more", more.error);
  if (Object.keys(errors).length > 0 || partitions === undefined || replication === undefined) return { errors };
  return { errors, draft: { name: form.name, partitions, replication, settings: { ...more.settings, ...namedSettings(form) } } };
}

function nameError(name: string, names: readonly string[]): string | undefined {
  if (names.includes(name)) return `There is a topic ${name} already.`;
  return topicNameError(name);
}

function rangeError(n: number | undefined, max: number, what: string): string | undefined {
  return n === undefined || n < 1 || n > max ? `1 to ${max} ${what}.` : undefined;
}

function replicationError(n: number | undefined, brokers: number): string | undefined {
  if (n === undefined || n < 1) return "At least 1.";
  if (brokers > 0 && n > brokers) return `At most ${brokers}: each copy needs a broker of its own, and there ${brokers === 1 ? "is 1" : `are ${brokers}`}.`;
  return undefined;
}

function namedSettings({ cleanup, retention }: TopicForm): Record<string, string> {
  const retentionMs = parseTimeSpan(retention);
  return {
    ...(cleanup && { "cleanup.policy": cleanup }),
    ...(retentionMs !== undefined && { "retention.ms": String(retentionMs) }),
  };
}

function readSettings(text: string): { settings: Record<string, string>; error?: string } {
  const settings: Record<string, string> = {};
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const parts = /^\s*([a-z0-9.]+)\s*=(.*)$/.exec(line);
    if (!parts?.[1]) return { settings, error: `Line ${index + 1} is not name=value.` };
    settings[parts[1]] = (parts[2] ?? "").trim();
  }
  return { settings };
}

/** Which field a complaint of the steward belongs to. */
const FIELD_OF: Record<string, keyof TopicForm> = {
  name: "name",
  topic: "name",
  partitions: "partitions",
  replication: "replication",
  settings: "more",
};

export function errorsOfProblem({ field, status, detail, title }: Problem): TopicErrors {
  const known = FIELD_OF[field?.split(".")[0] ?? ""] ?? (status === 409 ? "name" : "form");
  return { [known]: sentence(detail || title) };
}
