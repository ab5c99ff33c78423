import { useState } from "react";
import { type TopicDetails, useMessages } from "../../api/hooks/topics";
import { Answer } from "../../Cluster/Answer";
import { useUrlState } from "../../lib/useUrlState";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Panel";
import { BrowseForm } from "./BrowseForm";
import { BrowsedRows } from "./BrowsedRows";
import { fromOf, positionParams, readPosition } from "./position";

const PAGE = 50;

/** Messages where they stand in the log, a page at a time. The place is in the address. */
export function Browse({ topic }: { topic: TopicDetails }) {
  const [params, setParams] = useUrlState();
  const position = readPosition(params);
  const page = params.get("page");
  const place = page === null ? { partition: position.partition, from: fromOf(position) } : { cursor: page };
  const messages = useMessages(topic.name, { ...place, limit: PAGE });
  const [open, setOpen] = useState<string>();
  const turnTo = (cursor: string | null | undefined) => {
    setOpen(undefined);
    setParams({ page: cursor ?? undefined }, { step: true });
  };
  const { next, previous } = messages.data ?? {};

  return (
    <>
      <BrowseForm
        // An address that changed by itself (back, a link) fills the form anew.
        key={params.toString()}
        partitions={topic.partitions.map(({ partition }) => partition)}
        position={position}
        onGo={(to) => {
          setOpen(undefined);
          setParams(positionParams(to), { step: true });
        }}
      />
      <div className="my-3 flex flex-wrap items-center gap-2">
        <Button disabled={!next} onClick={() => turnTo(next)}>
          Newer
        </Button>
        <Button disabled={!previous} onClick={() => turnTo(previous)}>
          Older
        </Button>
        <Button onClick={() => messages.refetch()}>Ask again</Button>
        <p role="status" className="text-xs text-faint">
          {messages.isFetching ? "Reading from Kafka" : messages.data?.whole === false && "Kafka took long: this page is not full, the next one goes on"}
        </p>
      </div>
      <Answer query={messages} what="the messages">
        {(data) =>
          data.messages.length === 0 ? (
            <Empty title="No messages here">{topic.partitions.some((one) => one.messages) ? "Nothing stands at this place." : "The topic is empty."}</Empty>
          ) : (
            <BrowsedRows topic={topic.name} messages={data.messages} open={open} onOpen={setOpen} />
          )
        }
      </Answer>
    </>
  );
}
