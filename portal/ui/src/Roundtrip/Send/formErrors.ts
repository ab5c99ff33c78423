// Which input a service's complaint belongs to.
import { type Problem, UNREACHABLE } from "../../api/http";
import { bytes } from "../../lib/format";
import { wasRefused } from "../useSending";

export interface FormErrors {
  topic?: string;
  key?: string;
  value?: string;
  contentType?: string;
  /** Nobody's in particular. */
  form?: string;
}

/** The field names of docs/http-api.md, by input. */
const INPUT_OF: Record<string, keyof FormErrors> = {
  topic: "topic",
  key: "key",
  key_base64: "key",
  value: "value",
  body: "value",
  "content-type": "contentType",
};

export function errorsOf(problem: Problem): FormErrors {
  const input = inputOf(problem);
  const text = textOf(problem);
  if (input !== "form" || wasRefused(problem)) return { [input]: text };
  return { form: `${text} IsDone shows what is known of the message.` };
}

function inputOf({ status, field }: Problem): keyof FormErrors {
  const named = field === undefined ? undefined : INPUT_OF[field.toLowerCase()];
  if (named) return named;
  if (status === 404) return "topic";
  if (status === 413) return "value";
  if (status === 415) return "contentType";
  return "form";
}

function textOf({ status, title, detail, limit, retry_after_s }: Problem): string {
  const what = detail || title;
  const sentence = /[.!?]$/.test(what) ? what : `${what}.`;
  if (status === UNREACHABLE) return sentence;
  if (status === 413 && limit !== undefined) return `${sentence} At most ${bytes(limit)} may pass.`;
  if (retry_after_s) return `${sentence} Try again in ${retry_after_s} s.`;
  return sentence;
}
