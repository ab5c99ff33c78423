import { Link } from "wouter";
import { messageAddress } from "../../Cluster/messageAddress";
import { type Journey, journeyOf } from "../../Journey/journey";
import type { Send } from "../../Journey/sends";
import { duration, shortTime } from "../../lib/format";
import { Icon } from "../../ui/Icon";
import { HistoryItem, type HistoryItemProps } from "./HistoryItem";

interface SendItemProps extends Pick<HistoryItemProps, "nowMs" | "selected" | "onSelect"> {
  send: Send;
}

export function SendItem({ send, nowMs, ...rest }: SendItemProps) {
  const journey = journeyOf(send, { nowMs });
  const address = messageAddress(send.id);
  return (
    <HistoryItem {...rest} id={send.id} mood={journey.mood} topic={send.topic} preview={send.preview} outcome={outcome(journey)} atMs={send.sentMs} nowMs={nowMs}>
      {address && (
        <Link
          href={address}
          aria-label={`Open the message to ${send.topic} of ${shortTime(send.sentMs, nowMs)}`}
          title="Open the message"
          className="flex size-7 shrink-0 items-center justify-center rounded-md text-faint hover:bg-hover hover:text-ink"
        >
          <Icon name="path" className="size-3.5" />
        </Link>
      )}
    </HistoryItem>
  );
}

const outcome = ({ totalUs, headline }: Journey) => (totalUs === null ? headline : duration(totalUs));
