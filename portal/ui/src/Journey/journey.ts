// What is known of a message, as three stages in the order it passes them. Two witnesses tell: the
// producer's answer (accepted, acked) and the consumer's receipt (all three); either may be missing.
import type { Receipt } from "../api/hooks/receipts";
import { PATIENCE_MS } from "../api/hooks/receipts";
import type { Problem } from "../api/http";
import { ended, sentence } from "../lib/sentence";
import type { Send } from "./sends";

export type StageName = "accepted" | "acked" | "consumed";

/** skipped: it will not come to that any more. doubtful: nobody knows, and it may still turn out well. */
export type StageState = "ok" | "pending" | "failed" | "doubtful" | "skipped";

export interface Stage {
  name: StageName;
  state: StageState;
  /** null: the stage was passed, but nobody wrote down when. */
  atUs: number | null;
}

export type Mood = "wait" | "late" | "done" | "failed" | "doubtful";

export interface Journey {
  stages: [Stage, Stage, Stage];
  /** Between the stages, in µs; null: not known (yet). */
  acceptedToAckedUs: number | null;
  ackedToConsumedUs: number | null;
  totalUs: number | null;
  mood: Mood;
  /** The state of things in one short line, and what follows from it. */
  headline: string;
  advice?: string;
}

export type Subject = Pick<Send, "id" | "answer" | "failure" | "receipt"> & {
  /** null: another program's message, or one of a browser's that forgot it. */
  sentMs: number | null;
};

export interface Circumstances {
  nowMs: number;
  /** The consumer was asked and does not know the message (yet). */
  notSeen?: boolean;
  /** The consumer said that retention removed the message. */
  expired?: boolean;
  /** Why the consumer could not be asked. */
  unreachable?: string;
  /** How many messages the consumer has still to read. */
  lag?: number;
}

export function journeyOf(subject: Subject, around: Circumstances): Journey {
  const times = timesOf(subject);
  const states = statesOf(subject, around);
  return {
    stages: [
      { name: "accepted", state: states[0], atUs: times.accepted },
      { name: "acked", state: states[1], atUs: times.acked },
      { name: "consumed", state: states[2], atUs: times.consumed },
    ],
    acceptedToAckedUs: difference(times.accepted, times.acked),
    ackedToConsumedUs: difference(times.acked, times.consumed),
    totalUs: difference(times.accepted, times.consumed),
    ...verdict(subject, around),
  };
}

function timesOf({ answer, receipt }: Subject) {
  return {
    accepted: answer?.accepted_us ?? receipt?.accepted_us ?? null,
    acked: answer ? answer.accepted_us + answer.ack_us : (receipt?.acked_us ?? null),
    consumed: receipt?.consumed_us ?? null,
  };
}

const difference = (from: number | null, to: number | null) => (from === null || to === null ? null : to - from);

function statesOf({ answer, failure, receipt }: Subject, { expired }: Circumstances): [StageState, StageState, StageState] {
  if (receipt?.state === "consumed") return ["ok", "ok", "ok"];
  if (answer) return ["ok", "ok", expired ? "doubtful" : "pending"];
  const persisted = receipt?.persisted ?? failure?.persisted;
  if (persisted === "no") return ["ok", "failed", "skipped"];
  if (persisted === "possibly") return ["ok", "doubtful", expired ? "doubtful" : "pending"];
  if (failure || expired) return ["doubtful", "doubtful", expired ? "doubtful" : "pending"];
  return ["pending", "pending", "pending"];
}

type Verdict = Pick<Journey, "mood" | "headline" | "advice">;

function verdict(subject: Subject, around: Circumstances): Verdict {
  const { answer, failure, receipt } = subject;
  if (receipt?.state === "consumed") return consumedVerdict(receipt);
  if (around.expired) return { mood: "doubtful", headline: "No longer known", advice: "Retention has removed the consumer's receipt." };
  if (answer) return waitingVerdict(subject, around);
  if (receipt?.state === "failed") return failedVerdict(receipt.persisted, receipt.reason, around);
  if (failure?.persisted) return failedVerdict(failure.persisted, failure.detail, around);
  if (failure) return unansweredVerdict(failure, around);
  if (subject.sentMs === null) return strangerVerdict(around);
  return { mood: "wait", headline: "Sending", advice: "Waiting for Kafka's in-sync replicas to confirm." };
}

function consumedVerdict({ duplicates }: Receipt): Verdict {
  if (duplicates.length === 0) return { mood: "done", headline: "Done" };
  const times = duplicates.length === 1 ? "once more" : `${duplicates.length} more times`;
  return { mood: "done", headline: "Done, with a duplicate", advice: `The same id is in Kafka ${times}.` };
}

function strangerVerdict({ notSeen, unreachable }: Circumstances): Verdict {
  if (unreachable) return { mood: "late", headline: "Not known", advice: cannotAsk(unreachable) };
  if (notSeen) return { mood: "late", headline: "Not known", advice: "The consumer has no receipt of this message. It is asked again and again." };
  return { mood: "wait", headline: "Asking", advice: "The consumer is asked for this message's receipt." };
}

function waitingVerdict({ sentMs }: Subject, { nowMs, unreachable, lag }: Circumstances): Verdict {
  if (unreachable) return { mood: "late", headline: "In Kafka", advice: cannotAsk(unreachable) };
  if (nowMs - (sentMs ?? nowMs) < PATIENCE_MS) return { mood: "wait", headline: "In Kafka", advice: "Waiting for the consumer to read it." };
  const behind = lag ? ` The consumer has ${lag.toLocaleString()} messages to read.` : "";
  return {
    mood: "late",
    headline: `Not consumed within ${PATIENCE_MS / 1_000} s`,
    advice: `It is safe in Kafka, and is watched until it is read.${behind}`,
  };
}

function failedVerdict(persisted: "no" | "possibly" | undefined, reason: string | undefined, around: Circumstances): Verdict {
  const because = reason ? `${sentence(reason)} ` : "";
  if (persisted === "no") {
    return { mood: "failed", headline: "Not in Kafka", advice: `${because}The message was not stored. Sending it again cannot make a second one.` };
  }
  return {
    mood: "doubtful",
    headline: "Perhaps in Kafka",
    advice: `${because}Kafka may have stored it without being able to say so. ${watching(around)}`,
  };
}

function unansweredVerdict(failure: Problem, around: Circumstances): Verdict {
  return {
    mood: "doubtful",
    headline: "No answer came",
    advice: `${sentence(failure.detail)} Whether the message left is not known. ${watching(around)}`,
  };
}

const cannotAsk = (why: string) => `The consumer cannot be asked now: ${ended(why)} Trying again.`;

const watching = ({ unreachable }: Circumstances) =>
  unreachable ? cannotAsk(unreachable) : "If the consumer reads it, that shows here.";

/** Whether the page should offer to send the very same message again, under the same id. */
export function canSendAgain({ answer, failure, receipt }: Subject): boolean {
  if (answer || receipt?.state === "consumed") return false;
  return failure !== undefined && failure.persisted !== "possibly";
}

/** Where in Kafka the message is; undefined: not known, or nowhere. */
export function placeOf({ answer, receipt }: Subject): { topic: string; partition: number; offset: number } | undefined {
  const { topic, partition, offset } = answer ?? receipt ?? {};
  if (typeof topic !== "string" || typeof partition !== "number" || typeof offset !== "number") return undefined;
  return { topic, partition, offset };
}
