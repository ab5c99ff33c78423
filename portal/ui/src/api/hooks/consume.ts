// The live stream of messages, one for all tabs of this browser (src/api/stream/).
import { useEffect, useRef, useState } from "react";
import { type Following, subscribe } from "../stream/client";
import type { StreamEvent, StreamState } from "../stream/protocol";

export type { Envelope, Gap, Lagged, StreamEvent, StreamState } from "../stream/protocol";

const OFF: StreamState = { kind: "off" };
const CONNECTING: StreamState = { kind: "connecting" };

/** Follows topics while the component lives. from: where topics begin that were not followed before. */
export function useMessageStream(
  topics: readonly string[],
  options: { running: boolean; from: string; onEvent(event: StreamEvent): void },
): StreamState {
  const [state, setState] = useState(CONNECTING);
  const following = useRef<Following>(undefined);
  const onEvent = useRef(options.onEvent);
  useEffect(() => {
    onEvent.current = options.onEvent;
  });
  const list = topics.join(",");
  const { from } = options;
  const running = options.running && list !== "";

  useEffect(() => {
    if (!running) return undefined;
    const begun = subscribe({ onEvents: (events) => events.forEach((event) => onEvent.current(event)), onState: setState });
    following.current = begun;
    return begun.end;
  }, [running]);

  useEffect(() => {
    if (running) following.current?.follow(list.split(","), from);
  }, [running, list, from]);

  return running ? state : OFF;
}
