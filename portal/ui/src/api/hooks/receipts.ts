import { useQuery } from "@tanstack/react-query";
import { ApiError, jsonBody, requestJson } from "../http";
import { paths } from "../paths";
import type { components, paths as api } from "../types/consumer";

export type Receipt = components["schemas"]["Receipt"];

/** What the consumer knows of a message now. */
export type Knowledge =
  | { kind: "receipt"; receipt: Receipt }
  | { kind: "waiting" } // not seen yet; the consumer goes on reading
  | { kind: "expired" }; // retention removed it

/** acked: Kafka confirmed it to us; what the journal says of an earlier try under the same id is then no end. */
export const isFinal = ({ state, persisted }: Receipt, { acked }: { acked: boolean }) =>
  state === "consumed" || (persisted === "no" && !acked);

/** The first answer comes after this long at the latest; then the page says "not yet" and asks on. */
export const PATIENCE_MS = 5_000;
const PATIENCE_LATER_MS = 20_000;
const RETRY_MAX_MS = 10_000;
const ACK_POLL_MS = 500;
const ACK_POLLS_MAX = 20;

/** For forgetting what was known of a message that is sent once more. */
export const receiptKey = (id: string | undefined) => ["receipt", id] as const;

async function waitForReceipt(id: string, timeoutMs: number, signal: AbortSignal): Promise<Knowledge> {
  try {
    const receipt = await requestJson<Receipt>(paths.receipt(id, { timeoutMs }), { signal });
    return { kind: "receipt", receipt };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return knowledgeFromError(error);
  }
}

function knowledgeFromError(error: ApiError): Knowledge {
  if (error.problem.status === 410) return { kind: "expired" };
  if (error.problem.status === 404) return { kind: "waiting" };
  const known = receiptInProblem(error.body);
  if (known === undefined) throw error;
  return known ? { kind: "receipt", receipt: known } : { kind: "waiting" };
}

/** The consumer's 504 carries what is known in `receipt`; one without it is the portal's own. */
function receiptInProblem(body: unknown): Receipt | null | undefined {
  if (typeof body !== "object" || body === null || !("receipt" in body)) return undefined;
  const receipt = body.receipt as Partial<Receipt> | null;
  return receipt && (receipt.state === "consumed" || receipt.state === "failed") ? (receipt as Receipt) : null;
}

/**
 * Watches one message until it is consumed, or failed for good. It holds one of the six connections a
 * browser has for an origin, so a page watches one message at a time; usePendingReceipts asks for the rest.
 */
export function useReceiptWatch(id: string | undefined, { acked }: { acked: boolean }) {
  return useQuery({
    queryKey: receiptKey(id),
    enabled: id !== undefined,
    queryFn: ({ signal, client, queryKey }) => {
      const asked = client.getQueryState(queryKey)?.dataUpdateCount ?? 0;
      return waitForReceipt(id ?? "", asked === 0 ? PATIENCE_MS : PATIENCE_LATER_MS, signal);
    },
    retry: true,
    retryDelay: (failures) => Math.min(500 * 2 ** failures, RETRY_MAX_MS),
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) => nextLook(state.data, acked, state.dataUpdateCount),
    refetchIntervalInBackground: true,
  });
}

/** How soon to ask again, in ms; false: never. */
export function nextLook(known: Knowledge | undefined, acked: boolean, looks: number): number | false {
  if (!known || known.kind === "expired") return false;
  if (known.kind === "waiting" || !isFinal(known.receipt, { acked })) return ACK_POLL_MS;
  // Consumed, but the producer's journal with the time of the ack was not read yet. It may never be.
  const ackToCome = known.receipt.acked_us === null && !acked && known.receipt.producer !== null;
  return ackToCome && looks < ACK_POLLS_MAX ? ACK_POLL_MS : false;
}

type Answers = api["/status"]["post"]["responses"][200]["content"]["application/json"];

/** At most 1,000 ids in one request. What the consumer does not know is left out. */
export async function askReceipts(ids: readonly string[], signal?: AbortSignal): Promise<Receipt[]> {
  const { receipts } = await requestJson<Answers>(paths.status(), { ...jsonBody("POST", { ids }), ...(signal && { signal }) });
  return receipts.filter((entry): entry is Receipt => entry.state === "consumed" || entry.state === "failed");
}

const PENDING_POLL_MS = 2_000;

/** What is known of several messages at once. */
export function usePendingReceipts(ids: readonly string[]) {
  return useQuery({
    queryKey: ["receipts", ids],
    enabled: ids.length > 0,
    queryFn: ({ signal }) => askReceipts(ids, signal),
    refetchInterval: PENDING_POLL_MS,
  });
}
