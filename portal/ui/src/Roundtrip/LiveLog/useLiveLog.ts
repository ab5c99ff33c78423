import { useRef, useState } from "react";
import type { ProduceAnswer } from "../../api/hooks/produce";
import { type StreamState, useMessageStream } from "../../api/hooks/consume";
import { clockTimeMs } from "../../lib/format";
import { stored, useStored } from "../../lib/stored";
import { topicNameError } from "../../lib/topicName";
import { RowBuffer } from "./rowBuffer";

/** The consumer's STREAM_TOPICS_MAX. */
export const TOPICS_MAX = 64;

export const followedStore = stored<readonly string[]>("followed", (raw) =>
  Array.isArray(raw) ? raw.filter((name) => typeof name === "string" && !topicNameError(name)).slice(0, TOPICS_MAX) : [],
);

/** Where a topic begins: a number is a time in ms. */
export type LogStart = "latest" | "earliest" | number;

export interface LiveLogControl {
  topics: readonly string[];
  state: StreamState;
  buffer: RowBuffer;
  running: boolean;
  /** From now on, unless another place to begin is given. */
  follow(topic: string, start?: LogStart): void;
  unfollow(topic: string): void;
  /** Follows the topic of one's own message, from that message on. */
  followSent(answer: Pick<ProduceAnswer, "topic" | "timestamp_ms">): void;
  setRunning(running: boolean): void;
}

/** Which topics are followed. What came of them is in the buffer, whose readers subscribe by themselves. */
export function useLiveLog(): LiveLogControl {
  const [topics] = useStored(followedStore);
  const [from, setFrom] = useState("latest");
  const [running, setRunning] = useState(true);
  const unwanted = useRef(new Set<string>());
  const [buffer] = useState(() => new RowBuffer());
  const state = useMessageStream(topics, { running, from, onEvent: buffer.add });

  function change(next: readonly string[], start: LogStart) {
    setFrom(String(start));
    followedStore.set(next);
    if (next.length > 0) {
      buffer.note(`Following ${next.join(", ")}${startText(start)}`);
    }
  }
  // Asked of the store, not of the last rendering: an answer comes to whoever sent, long after.
  function add(topic: string, start: LogStart) {
    const now = followedStore.get();
    if (now.length < TOPICS_MAX && !now.includes(topic)) change([...now, topic], start);
  }

  return {
    topics,
    state,
    buffer,
    running,
    follow(topic, start = "latest") {
      unwanted.current.delete(topic);
      add(topic, start);
    },
    unfollow(topic) {
      unwanted.current.add(topic);
      change(
        followedStore.get().filter((name) => name !== topic),
        "latest",
      );
    },
    followSent({ topic, timestamp_ms }) {
      if (running && !unwanted.current.has(topic)) add(topic, timestamp_ms);
    },
    setRunning(next) {
      if (next) setFrom("latest");
      buffer.note(next ? "Started" : "Stopped");
      setRunning(next);
    },
  };
}

function startText(start: LogStart): string {
  if (start === "latest") return " from now on";
  return start === "earliest" ? " from the beginning" : ` from ${clockTimeMs(start)}`;
}
