import type { Draft } from "../../api/hooks/produce";
import { recordOf } from "../../api/hooks/records";
import { type FormValues, formatOf } from "../Send/formValues";
import { hasCounter, nthValues } from "./counter";

const encoder = new TextEncoder();

/** Makes the nth record of a burst; draft is one of its messages, read from the form. */
export function recordMaker(values: FormValues, draft: Draft): (n: number) => string {
  if (!hasCounter(values)) {
    const record = JSON.stringify(recordOf(draft));
    return () => record;
  }
  const isText = formatOf(values) !== "hex";
  return (n) => {
    const { key, value } = nthValues(values, n);
    return JSON.stringify(recordOf({ ...draft, key: draft.key === null ? null : key, value: isText ? encoder.encode(value) : draft.value }));
  };
}
