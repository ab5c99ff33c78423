import { useEffect, useRef, useState } from "react";
import { askReceipts } from "../../api/hooks/receipts";
import { postRecords } from "../../api/hooks/records";
import { learnBurst, rememberBurst } from "./bursts";
import { Burst, type BurstPlan, type BurstServices } from "./burst";
import { type Bin, type Course, type Summary, courseOf, spreadOf, summaryOf } from "./latencies";

const SERVICES: BurstServices = {
  post: postRecords,
  ask: askReceipts,
  now: () => performance.now(),
  sleep: (ms) => new Promise((passed) => setTimeout(passed, ms)),
};

export interface Measured {
  count: number;
  summary: Summary | undefined;
  course: Course;
  spread: Bin[];
}

/** What is shown of a burst, as of one moment. */
export interface Report extends Pick<Burst, "phase" | "stopped" | "sent" | "failed" | "failure"> {
  acked: Measured;
  read: Measured;
}

/** Percentiles want sorted numbers: more often than this nobody sees a difference. */
const LOOK_MS = 500;

/** Runs a burst while it is looked at, and keeps what was learnt. onRead: when the first message was read, with when the first was accepted. */
export function useBurst(plan: BurstPlan, onRead: (acceptedMs: number) => void): { report: Report | undefined; stop(): void } {
  const [report, setReport] = useState<Report>();
  const running = useRef<Burst>(undefined);
  const whenRead = useRef(onRead);
  useEffect(() => {
    whenRead.current = onRead;
  });
  useEffect(() => {
    const burst = new Burst(plan, SERVICES);
    running.current = burst;
    let latest: Report | undefined;
    const look = () => {
      const anyBefore = (latest?.read.count ?? 0) > 0;
      latest = reportOf(burst, latest);
      setReport(latest);
      if (!anyBefore && latest.read.count > 0) whenRead.current(latest.acked.course.fromMs);
    };
    const keep = () => latest && learnBurst(plan.id, latest);
    rememberBurst(plan, Date.now());
    const timer = setInterval(look, LOOK_MS);
    void (async () => {
      await burst.run();
      clearInterval(timer);
      look();
      keep();
    })();
    return () => {
      clearInterval(timer);
      burst.dispose();
      keep();
    };
  }, [plan]);
  return { report, stop: () => running.current?.stop() };
}

function reportOf(burst: Burst, before: Report | undefined): Report {
  const { phase, stopped, sent, failed, failure, acks, reads } = burst;
  return { phase, stopped, sent, failed, failure, acked: measured(acks, before?.acked), read: measured(reads, before?.read) };
}

/** What has not changed is not worked out again. */
function measured(samples: Burst["acks"], before: Measured | undefined): Measured {
  if (before?.count === samples.length) return before;
  return { count: samples.length, summary: summaryOf(samples), course: courseOf(samples), spread: spreadOf(samples) };
}
