import { Link } from "wouter";
import type { Receipt } from "../api/hooks/receipts";
import { Facts } from "../Journey/Facts";
import { Headline } from "../Journey/Headline";
import { PassedGroups } from "../Journey/PassedGroups";
import { Timeline } from "../Journey/Timeline";
import { journeyOf, placeOf } from "../Journey/journey";
import { useMessage } from "../Journey/useMessage";
import { useSubject } from "../app/title";
import { clockTimeMs, exactTimeMs } from "../lib/format";
import { CopyButton } from "../ui/CopyButton";
import { Panel } from "../ui/Panel";
import { Content } from "./Content";
import { messageLink } from "./address";

/** All that is known of one message. */
export function Message({ id }: { id: string }) {
  const { own, subject, around } = useMessage(id);
  const { receipt } = subject;
  const place = placeOf(subject);
  useSubject(id);
  return (
    <>
      <Panel title="Journey" aside={<Permalink id={id} />}>
        <Headline journey={journeyOf(subject, around)} />
        <Timeline journey={journeyOf(subject, around)} />
        {place && <PassedGroups {...place} />}
        <Facts own={own} subject={subject} />
        {receipt && <Details receipt={receipt} />}
      </Panel>
      {place && <Content {...place} />}
    </>
  );
}

function Permalink({ id }: { id: string }) {
  return (
    <span className="flex items-center gap-1 text-xs text-faint">
      Link
      <CopyButton text={new URL(messageLink(id), window.location.href).href} what="a link to this message" />
    </span>
  );
}

/** What a journey does not tell. */
function Details({ receipt: { producer, timestamp_type, timestamp_ms, duplicates, duplicates_total } }: { receipt: Receipt }) {
  return (
    <dl className="figures mt-4 grid gap-x-10 gap-y-2 text-xs text-soft sm:grid-cols-[auto_1fr]">
      {timestamp_ms !== null && (
        <>
          <dt className="text-faint">{timestamp_type === "append" ? "Kafka's time" : "The record's time"}</dt>
          <dd>
            <time dateTime={exactTimeMs(timestamp_ms)} title={exactTimeMs(timestamp_ms)}>
              {new Date(timestamp_ms).toLocaleDateString()} {clockTimeMs(timestamp_ms)}
            </time>
          </dd>
        </>
      )}
      <dt className="text-faint">Sent by</dt>
      <dd className="wrap-anywhere">{producer ? `start ${producer.start} of a kafkloud producer, its message ${producer.number}` : "another program"}</dd>
      {duplicates.length > 0 && (
        <>
          <dt className="text-warn">The same id, again</dt>
          <dd className="flex flex-wrap gap-x-3">
            {duplicates.map(({ topic, partition, offset, incarnation }) => (
              <Link key={`${incarnation}/${partition}/${offset}`} href={messageLink(`${topic}/${partition}/${offset}`)} className="text-accent hover:text-accent-strong">
                {`${topic}/${partition}/${offset}`}
              </Link>
            ))}
            {duplicates_total !== undefined && <span>of {duplicates_total}</span>}
          </dd>
        </>
      )}
    </dl>
  );
}
