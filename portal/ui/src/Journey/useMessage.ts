import { useEffect } from "react";
import { useReceiptWatch } from "../api/hooks/receipts";
import { problemOf } from "../api/http";
import { useStored } from "../lib/stored";
import { useNow } from "../lib/useNow";
import type { Circumstances, Subject } from "./journey";
import { isSettled, learn, sendsStore } from "./sends";

/** What is known of a message, one's own or another's, and goes on being learnt while it is looked at. */
export function useMessage(id: string, lag?: number) {
  const [sends] = useStored(sendsStore);
  const own = sends.find((send) => send.id === id);
  const settled = own !== undefined && isSettled(own);
  const onItsWay = own !== undefined && !own.answer && !own.failure;
  const watch = useReceiptWatch(settled || onItsWay ? undefined : id, { acked: own?.answer !== undefined });
  const known = watch.data;
  const found = known?.kind === "receipt" ? known.receipt : undefined;

  useEffect(() => {
    if (found) learn(id, { receipt: found });
  }, [id, found]);

  const subject: Subject = own ?? { id, sentMs: null, ...(found && { receipt: found }) };
  const around: Circumstances = {
    nowMs: useNow(250, !settled),
    notSeen: known?.kind === "waiting",
    expired: known?.kind === "expired",
    ...(watch.failureReason && { unreachable: problemOf(watch.failureReason).detail }),
    ...(lag !== undefined && { lag }),
  };
  return { own, subject, around };
}
