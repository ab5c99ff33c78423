import { useEffect } from "react";
import { useReceiptWatch } from "../../api/hooks/receipts";
import { problemOf } from "../../api/http";
import { duration } from "../../lib/format";
import { useStored } from "../../lib/stored";
import { useNow } from "../../lib/useNow";
import { Button } from "../../ui/Button";
import { Panel } from "../../ui/Panel";
import { cx } from "../../ui/cx";
import { isSettled, learn, sendsStore } from "../sends";
import { Facts } from "./Facts";
import { StagesToCome, Timeline } from "./Timeline";
import { type Circumstances, type Journey, type Mood, type Subject, canSendAgain, journeyOf } from "./journey";

interface IsDoneProps {
  id: string | undefined;
  lag: number | undefined;
  onSendAgain(id: string): (() => void) | undefined;
}

/** One message's life, stage by stage. */
export function IsDone({ id, lag, onSendAgain }: IsDoneProps) {
  if (id === undefined) {
    return (
      <Panel title="IsDone" className="flex-1">
        <div className="mb-6">
          <p className="text-xl font-semibold tracking-tight text-soft">No message yet</p>
          <p className="mt-0.5 text-sm text-faint">Press DoIt: its way through Kafka shows here as it happens, to the microsecond.</p>
        </div>
        <StagesToCome />
      </Panel>
    );
  }
  return <MessageIsDone key={id} id={id} lag={lag} onSendAgain={onSendAgain} />;
}

function MessageIsDone({ id, lag, onSendAgain }: IsDoneProps & { id: string }) {
  const { own, subject, around } = useMessage(id, lag);
  const journey = journeyOf(subject, around);
  const again = canSendAgain(subject) ? onSendAgain(id) : undefined;
  return (
    <Panel title="IsDone" aside={again && <Button onClick={again}>Send again, same id</Button>}>
      <Headline journey={journey} />
      <Timeline journey={journey} />
      <Facts own={own} subject={subject} />
    </Panel>
  );
}

/** What is known of a message, one's own or another's, and goes on being learnt while it is looked at. */
function useMessage(id: string, lag: number | undefined) {
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

const MOODS: Record<Mood, string> = {
  wait: "text-ink",
  late: "text-warn",
  done: "text-ok",
  failed: "text-bad",
  doubtful: "text-warn",
};

function Headline({ journey: { mood, headline, advice, totalUs } }: { journey: Journey }) {
  return (
    <div className="mb-6">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6" aria-live="polite">
        <p className={cx("text-xl font-semibold tracking-tight", MOODS[mood])}>{headline}</p>
        {totalUs !== null && (
          <p className="figures text-xl font-medium tracking-tight" title={`${totalUs} µs from accepted to consumed`}>
            {duration(totalUs)}
            <span className="ml-2 text-sm font-normal tracking-normal text-faint">end to end</span>
          </p>
        )}
      </div>
      {advice && <p className="mt-0.5 max-w-prose text-sm text-pretty text-soft">{advice}</p>}
    </div>
  );
}
