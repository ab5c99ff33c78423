import { useCallback, useRef, useState, useSyncExternalStore } from "react";
import type { ProduceAnswer } from "../../api/hooks/produce";
import { type StreamState, useMessageStream } from "../../api/hooks/consume";
import { clockTimeMs } from "../../lib/format";
import { stored, useStored } from "../../lib/stored";
import { topicNameError } from "../../lib/topicName";
import { RowBuffer, type Snapshot } from "./rowBuffer";

/** The consumer's STREAM_TOPICS_MAX. */
export const TOPICS_MAX = 64;

export const followedStore = stored<readonly string[]>("followed", (raw) =>
  Array.isArray(raw) ? raw.filter((name) => typeof name === "string" && !topicNameError(name)).slice(0, TOPICS_MAX) : [],
);

export interface LiveLogControl {
  topics: readonly string[];
  state: StreamState;
  view: Snapshot;
  /** Messages that came since the view stands still. */
  behind: number;
  running: boolean;
  paused: boolean;
  /** The row that is shown in full; one at a time, and only while the view is paused. */
  openSeq: number | undefined;
  follow(topic: string): void;
  unfollow(topic: string): void;
  /** Follows the topic of one's own message, from that message on. */
  followSent(answer: ProduceAnswer): void;
  setRunning(running: boolean): void;
  pause(): void;
  resume(): void;
  open(seq: number | undefined): void;
  clear(): void;
}

export function useLiveLog(): LiveLogControl {
  const [topics, setTopics] = useStored(followedStore);
  const [from, setFrom] = useState("latest");
  const [running, setRunning] = useState(true);
  const [frozen, setFrozen] = useState<Snapshot>();
  const [openSeq, setOpenSeq] = useState<number>();
  const unwanted = useRef(new Set<string>());
  const [buffer] = useState(() => new RowBuffer());
  const live = useSyncExternalStore(buffer.subscribe, buffer.snapshot);
  const state = useMessageStream(topics, { running, from, onEvent: buffer.add });

  function change(next: readonly string[], start: "latest" | number) {
    setFrom(String(start));
    setTopics(next);
    if (next.length > 0) {
      buffer.note(`Following ${next.join(", ")}${start === "latest" ? " from now on" : ` from ${clockTimeMs(start)}`}`);
    }
  }
  const pause = useCallback(() => setFrozen((before) => before ?? buffer.snapshot()), [buffer]);
  function resume() {
    setFrozen(undefined);
    setOpenSeq(undefined);
  }
  const canFollow = (topic: string) => topics.length < TOPICS_MAX && !topics.includes(topic);

  return {
    topics,
    state,
    view: frozen ?? live,
    behind: frozen ? live.received - frozen.received : 0,
    running,
    paused: frozen !== undefined,
    follow(topic) {
      unwanted.current.delete(topic);
      if (canFollow(topic)) change([...topics, topic], "latest");
    },
    unfollow(topic) {
      unwanted.current.add(topic);
      change(topics.filter((name) => name !== topic), "latest");
    },
    followSent({ topic, timestamp_ms }) {
      if (running && canFollow(topic) && !unwanted.current.has(topic)) change([...topics, topic], timestamp_ms);
    },
    setRunning(next) {
      if (next) setFrom("latest");
      buffer.note(next ? "Started" : "Stopped");
      setRunning(next);
    },
    openSeq,
    pause,
    resume,
    open(seq) {
      pause();
      setOpenSeq(seq);
    },
    clear() {
      buffer.clear();
      resume();
    },
  };
}
