import { useMutation, useQueryClient } from "@tanstack/react-query";
import { requestJson } from "../http";
import { paths } from "../paths";
import type { components } from "../types/producer";
import { receiptKey } from "./receipts";

export interface Header {
  name: string;
  value: string;
}

export interface Draft {
  topic: string;
  /** null: no key; "": an empty one. */
  key: string | null;
  value: Uint8Array<ArrayBuffer>;
  /** The value's beginning, as it was typed. */
  preview: string;
  contentType: string;
  headers: readonly Header[];
}

export type ProduceAnswer = components["schemas"]["Acked"];

export interface Order {
  /** The message's id, chosen here: even when no answer comes back, its fate can be asked for, and
   * sending it again under the same id cannot make a second message. */
  id: string;
  draft: Draft;
}

export function useProduce() {
  const client = useQueryClient();
  return useMutation({
    mutationKey: ["produce"],
    onMutate: ({ id }) => client.removeQueries({ queryKey: receiptKey(id) }),
    // Headers of HTTP are lower case and not Unicode; a message's may be anything.
    mutationFn: async (order: Order) =>
      order.draft.headers.length === 0 ? produce(order) : (await import("./records")).produceRecord(order),
  });
}

const produce = ({ id, draft }: Order) =>
  requestJson<ProduceAnswer>(paths.produce(draft.topic, draft.key), {
    method: "POST",
    headers: { "Content-Type": draft.contentType, "Idempotency-Key": id },
    // Bytes, not a string: fetch would add a charset to the content type.
    body: draft.value,
  });
