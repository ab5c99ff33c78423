import { useEffect } from "react";
import { usePendingReceipts } from "../api/hooks/receipts";
import { useStored } from "../lib/stored";
import { useNow } from "../lib/useNow";
import { isSettled, learn, sendsStore } from "../Journey/sends";

const ASKED_FOR_MS = 3_600_000;

/** Learns the end of the sends that are not looked at just now, while they are young. */
export function useOtherReceipts(lookedAt: string | undefined) {
  const [sends] = useStored(sendsStore);
  const young = useNow(60_000) - ASKED_FOR_MS;
  const pending = sends.filter(
    (send) => send.id !== lookedAt && (send.answer || send.failure) && !isSettled(send) && send.sentMs > young,
  );
  const { data } = usePendingReceipts(pending.map((send) => send.id));
  useEffect(() => {
    for (const receipt of data ?? []) learn(receipt.id, { receipt });
  }, [data]);
}
