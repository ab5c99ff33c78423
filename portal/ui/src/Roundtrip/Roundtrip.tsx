import { Suspense, lazy, useRef, useState } from "react";
import { useTotals } from "../api/hooks/status";
import { IsDone } from "./IsDone/IsDone";
import type { BurstPlan } from "./Burst/burst";
import { burstsStore } from "./Burst/bursts";
import type { LiveLogHandle } from "./LiveLog/LiveLog";
import { Panel } from "../ui/Panel";
import { SendForm } from "./Send/SendForm";
import { sendsStore } from "../Journey/sends";
import { useStored } from "../lib/stored";
import { Totals } from "./Totals/Totals";
import { useSending } from "./useSending";

// With the code of its stream: the first picture needs neither.
const LiveLog = lazy(async () => ({ default: (await import("./LiveLog/LiveLog")).LiveLog }));
// Of a browser that has not sent anything there is none.
const History = lazy(async () => ({ default: (await import("./IsDone/History")).History }));

const Bursts = lazy(async () => ({ default: (await import("./Burst/Bursts")).Bursts }));

const LOG_PLACE = "h-160 lg:col-span-2 lg:h-0 lg:min-h-full 3xl:col-span-1";

/** Send a message, watch it arrive, and see what else flows. */
export function Roundtrip() {
  const totals = useTotals();
  const [selected, select] = useState(() => sendsStore.get()[0]?.id);
  const log = useRef<LiveLogHandle>(null);
  const [running, run] = useState<BurstPlan>();
  const [burst, showBurst] = useState<string>();
  const [bursts] = useStored(burstsStore);
  const isDone = useRef<HTMLDivElement>(null);
  const sending = useSending({
    onSending(id) {
      showMessage(id);
      bringIntoView(isDone.current);
    },
    // Not before: of a topic that was just created the consumer learns within seconds.
    onRead: (answer) => log.current?.followSent(answer),
  });
  /** One thing is looked at: a message, or a burst. */
  function showMessage(id: string) {
    select(id);
    showBurst(undefined);
  }
  const topics = (totals.data?.by_topic ?? []).toSorted((a, b) => a.topic.localeCompare(b.topic));

  return (
    <>
      <Totals totals={totals} />
      <div className="mt-4 grid flex-1 gap-4 lg:grid-cols-[minmax(20rem,26rem)_minmax(0,1fr)] lg:grid-rows-[auto_minmax(30rem,1fr)] 3xl:grid-cols-[28rem_minmax(0,1fr)_minmax(0,1.15fr)] 3xl:grid-rows-1">
        <SendForm
          topics={topics}
          sending={sending}
          onBurst={(plan) => {
            run(plan);
            showBurst(plan.id);
            bringIntoView(isDone.current);
          }}
        />
        <div ref={isDone} className="flex min-w-0 scroll-mt-4 flex-col gap-4">
          {(running || burst !== undefined) && (
            <Suspense fallback={<Panel title="Burst">{null}</Panel>}>
              <Bursts
                running={running}
                shown={burst}
                onRead={(first) => log.current?.followSent(first)}
                onShow={showBurst}
                onEnd={() => run(undefined)}
              />
            </Suspense>
          )}
          {burst === undefined && <IsDone id={selected} lag={totals.data?.lag} onSendAgain={sending.again} />}
          {(selected !== undefined || bursts.length > 0) && (
            <Suspense>
              <History selected={burst === undefined ? selected : undefined} onSelect={showMessage} burst={burst} running={running?.id} onBurst={showBurst} />
            </Suspense>
          )}
        </div>
        <Suspense fallback={<Panel title="Live log" className={LOG_PLACE}>{null}</Panel>}>
          <LiveLog ref={log} onSelect={showMessage} className={LOG_PLACE} />
        </Suspense>
      </div>
    </>
  );
}

/** Where the screen is one column, what was asked for shows below the button that asked. */
function bringIntoView(element: HTMLElement | null) {
  if (window.matchMedia("(width < 64rem)").matches) element?.scrollIntoView({ behavior: "smooth" });
}
