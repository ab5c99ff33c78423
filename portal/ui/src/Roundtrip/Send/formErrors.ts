// Which input a service's complaint belongs to.
import type { Problem } from "../../api/http";
import { sentence } from "../../lib/sentence";
import { wasRefused } from "../useSending";

export interface FormErrors {
  topic?: string;
  key?: string;
  value?: string;
  contentType?: string;
  headers?: string;
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
  value_base64: "value",
  headers: "headers",
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
  if (isAddressTooLong(status)) return "key";
  if (status === 413) return "value";
  if (status === 415) return "contentType";
  return "form";
}

/** The key travels in the address. A server refuses a long one before any service sees it. */
const isAddressTooLong = (status: number) => status === 414 || status === 431;

function textOf({ status, title, detail, retry_after_s }: Problem): string {
  if (isAddressTooLong(status)) return "The key is too long to travel in an address.";
  const what = sentence(detail || title);
  return retry_after_s ? `${what} Try again in ${retry_after_s} s.` : what;
}
