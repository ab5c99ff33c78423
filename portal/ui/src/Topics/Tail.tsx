import { useState } from "react";
import { useLocation } from "wouter";
import { useMessageStream } from "../api/hooks/consume";
import type { TopicDetails } from "../api/hooks/topics";
import { messageAddress } from "../Cluster/messageAddress";
import { type Followed, Log, LogControls } from "../Roundtrip/LiveLog/LiveLog";
import { RowBuffer } from "../Roundtrip/LiveLog/rowBuffer";
import { useLogView } from "../Roundtrip/LiveLog/useLogView";

/** What is written to the topic from now on, as it comes. */
export function Tail({ topic }: { topic: TopicDetails }) {
  const [, navigate] = useLocation();
  const { log, buffer } = useTail(topic.name);
  const view = useLogView(buffer);
  return (
    <>
      <LogControls log={log} view={view} />
      <div className="relative min-h-96 flex-1">
        <div className="absolute inset-0 flex flex-col">
          <Log log={log} view={view} onSelect={(id) => navigate(messageAddress(id) ?? "/")} />
        </div>
      </div>
    </>
  );
}

function useTail(topic: string): { log: Followed; buffer: RowBuffer } {
  const [topics] = useState(() => [topic]);
  const [running, setRunning] = useState(true);
  const [buffer] = useState(() => new RowBuffer());
  const state = useMessageStream(topics, { running, from: "latest", onEvent: buffer.add });
  return { log: { topics, state, running, setRunning }, buffer };
}
