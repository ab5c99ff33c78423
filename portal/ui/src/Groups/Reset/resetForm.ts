// What was chosen for a reset, and the reset it means.
import type { Reset } from "../../api/hooks/groups";
import { timeInField } from "../../lib/localTime";
import { wholeNumber } from "../../lib/wholeNumber";

type ResetTarget = Reset["to"];

export const TARGETS = [
  { id: "earliest", title: "To the earliest message" },
  { id: "latest", title: "To the end" },
  { id: "time", title: "To a time" },
  { id: "shift", title: "By so many messages" },
  { id: "offset", title: "To an offset" },
] as const;

export type Target = (typeof TARGETS)[number]["id"];

export interface ResetForm {
  /** undefined: all of the group's. */
  topic: string | undefined;
  /** undefined: all of the topic's. */
  partition: number | undefined;
  target: Target;
  time: string;
  shift: string;
  offset: string;
}

export function readResetForm(form: ResetForm): { reset?: Reset; error?: string } {
  const to = targetOf(form);
  if (typeof to === "object" && "error" in to) return to;
  const where = { ...(form.topic !== undefined && { topics: [form.topic] }), ...(form.partition !== undefined && { partitions: [form.partition] }) };
  return { reset: { ...where, to } };
}

function targetOf({ target, time, shift, offset }: ResetForm): ResetTarget | { error: string } {
  switch (target) {
    case "earliest":
    case "latest":
      return target;
    case "time": {
      const ms = timeInField(time);
      return ms === undefined ? { error: "A date and a time." } : { time_ms: ms };
    }
    case "shift": {
      const n = wholeNumber(shift);
      return n === undefined || n === 0 ? { error: "A whole number: -10 goes back by ten messages, 10 skips ten." } : { shift: n };
    }
    case "offset": {
      const n = wholeNumber(offset);
      return n === undefined || n < 0 ? { error: "A whole number, 0 or more." } : { offset: n };
    }
  }
}
