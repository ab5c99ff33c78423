import { useRef } from "react";
import { type Draft, type Order, type ProduceAnswer, useProduce } from "../api/hooks/produce";
import { type Problem, UNREACHABLE, problemOf } from "../api/http";
import { newUuid } from "../lib/uuid";
import { forget, learn, newSend, remember, whenRead } from "../Journey/sends";

export interface Sending {
  /** Since when an answer is waited for; undefined: none is. */
  busySinceMs: number | undefined;
  /** Resolves with what was wrong, or with nothing. */
  send(draft: Draft): Promise<Problem | undefined>;
  /** The same message under the same id; undefined where its text is gone (after a reload). */
  again(id: string): (() => void) | undefined;
}

const KEPT_FOR_AGAIN = 20;

export function useSending(on: { onSending(id: string): void; onRead(answer: ProduceAnswer): void }): Sending {
  const { mutateAsync, isPending, submittedAt } = useProduce();
  const unconfirmed = useRef(new Map<string, Draft>());

  async function place(order: Order): Promise<Problem | undefined> {
    remember(newSend(order.id, order.draft, Date.now()));
    on.onSending(order.id);
    try {
      const answer = await mutateAsync(order);
      unconfirmed.current.delete(order.id);
      learn(order.id, { answer });
      whenRead(order.id, () => on.onRead(answer));
      return undefined;
    } catch (error) {
      const problem = problemOf(error);
      if (wasRefused(problem)) forget(order.id);
      else learn(order.id, { failure: problem });
      return problem;
    }
  }

  return {
    busySinceMs: isPending ? submittedAt : undefined,
    send(draft) {
      const id = newUuid();
      keep(unconfirmed.current, id, draft);
      return place({ id, draft });
    },
    again(id) {
      const draft = unconfirmed.current.get(id);
      return draft && (() => void place({ id, draft }));
    },
  };
}

function keep(drafts: Map<string, Draft>, id: string, draft: Draft) {
  drafts.set(id, draft);
  const [oldest] = drafts.keys();
  if (drafts.size > KEPT_FOR_AGAIN && oldest !== undefined) drafts.delete(oldest);
}

/** The message was turned away at the door: nothing of it was handed on. Anything else leaves a doubt. */
export function wasRefused({ status, persisted }: Problem): boolean {
  if (persisted || status === UNREACHABLE) return false;
  return status < 500 || status === 503;
}
