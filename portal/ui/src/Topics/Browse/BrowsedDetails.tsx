import { Suspense, lazy, useState } from "react";
import { Link } from "wouter";
import { type BrowsedMessage, useWholeMessage } from "../../api/hooks/topics";
import { messageAddress } from "../../Cluster/messageAddress";
import { problemText } from "../../Cluster/problemText";
import { bytes, exactTimeMs } from "../../lib/format";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";

// Not needed before a row is opened.
const ValueView = lazy(async () => ({ default: (await import("../../Messages/Value/ValueView")).ValueView }));

/** One message in full, below its row. */
export function BrowsedDetails({ topic, message }: { topic: string; message: BrowsedMessage }) {
  const [wanted, setWanted] = useState(false);
  const whole = useWholeMessage(topic, message.partition, message.offset, wanted);
  const shown = whole.data ?? message;
  const problem = problemText(whole.error);
  const address = messageAddress(message.id);
  return (
    <div className="m-2 mt-1 flex flex-col gap-3 rounded-lg border border-line bg-sunken p-3 text-xs">
      <div className="flex flex-wrap items-center gap-2">
        <span className="min-w-0 font-mono break-all">{message.id}</span>
        <CopyButton text={message.id} what="the id" />
        {address && (
          <Link href={address} className="ml-auto text-accent hover:text-accent-strong">
            Show its journey
          </Link>
        )}
      </div>
      <dl className="flex flex-wrap gap-x-6 gap-y-1 text-soft">
        <Pair name="written">{message.timestamp_ms === null ? "no time" : exactTimeMs(message.timestamp_ms)}</Pair>
        <Pair name="place">{`${topic}/${message.partition}/${message.offset}`}</Pair>
        <Pair name="key">{message.key ?? (message.key_base64 === undefined ? "null" : `base64 ${message.key_base64}`)}</Pair>
        {message.headers.map((header, index) => (
          // Headers may repeat and never move.
          // oxlint-disable-next-line react/no-array-index-key
          <Pair key={index} name={header.name}>
            {header.value ?? (header.value_base64 === undefined ? "null" : `base64 ${header.value_base64}`)}
          </Pair>
        ))}
      </dl>
      <Suspense>
        <ValueView message={shown} />
      </Suspense>
      {shown.cut && (
        <p className="flex flex-wrap items-center gap-2 text-faint">
          In all it has {bytes(shown.value_bytes ?? 0)}.
          <Button className="h-7" disabled={whole.isFetching} onClick={() => setWanted(true)}>
            Show all of it
          </Button>
        </p>
      )}
      {problem && (
        <p role="alert" className="text-bad">
          {problem}
        </p>
      )}
    </div>
  );
}

function Pair({ name, children }: { name: string; children: string }) {
  return (
    <div className="flex min-w-0 gap-1.5">
      <dt className="shrink-0 text-faint">{name}</dt>
      <dd className="min-w-0 font-mono wrap-anywhere">{children}</dd>
    </div>
  );
}
