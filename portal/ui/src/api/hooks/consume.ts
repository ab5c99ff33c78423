// The live stream of messages (SSE). The browser's EventSource heals a connection that breaks; it gives up
// for good when an error status answers a connect, and then this opens a new one at the right position.
import { useEffect, useRef, useState } from "react";
import { toProblem } from "../http";
import { paths } from "../paths";
import type { components } from "../types/consumer";

type Schemas = components["schemas"];
export type Envelope = Schemas["Envelope"];
/** The stream's queue for this client overflowed. */
export type Lagged = Schemas["Lagged"];
/** Retention removed what was asked for. */
export type Gap = Schemas["Gap"];

export type StreamEvent =
  | { kind: "message"; message: Envelope }
  | { kind: "lagged"; lagged: Lagged }
  | { kind: "gap"; gap: Gap };

export type StreamState =
  | { kind: "off" }
  | { kind: "connecting" }
  | { kind: "live" }
  | { kind: "reconnecting"; why?: string };

interface StreamHandlers {
  onEvent(event: StreamEvent): void;
  onState(state: StreamState): void;
}

const OFF: StreamState = { kind: "off" };
const REOPEN_FIRST_MS = 500;
const REOPEN_MAX_MS = 15_000;

const READERS: Record<string, (data: unknown) => StreamEvent> = {
  streamer: (data) => ({ kind: "message", message: data as Envelope }),
  lagged: (data) => ({ kind: "lagged", lagged: data as Lagged }),
  gap: (data) => ({ kind: "gap", gap: data as Gap }),
};

/** Follows topics until the returned function is called. from: latest, earliest or a time in ms. */
export function followTopics(topics: readonly string[], from: string, handlers: StreamHandlers): () => void {
  let source: EventSource;
  let lastEventId = "";
  let refusals = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ended = new AbortController();

  function open() {
    source = new EventSource(paths.consume(topics, lastEventId ? { lastEventId } : { from }));
    source.addEventListener("open", () => {
      refusals = 0;
      handlers.onState({ kind: "live" });
    });
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) void reopenLater();
      else handlers.onState({ kind: "reconnecting" });
    });
    for (const [name, read] of Object.entries(READERS)) {
      source.addEventListener(name, (event: MessageEvent<string>) => {
        lastEventId = event.lastEventId || lastEventId;
        handlers.onEvent(read(JSON.parse(event.data)));
      });
    }
  }

  async function reopenLater() {
    const wait = Math.min(REOPEN_FIRST_MS * 2 ** refusals, REOPEN_MAX_MS);
    refusals += 1;
    const why = await whyRefused(paths.consume(topics, lastEventId ? { lastEventId } : { from }), ended.signal);
    if (ended.signal.aborted) return;
    handlers.onState({ kind: "reconnecting", ...(why && { why }) });
    timer = setTimeout(open, wait);
  }

  handlers.onState({ kind: "connecting" });
  open();
  return () => {
    ended.abort();
    clearTimeout(timer);
    source.close();
  };
}

/** EventSource hides the answer that made it give up; asking once more with fetch shows it. */
async function whyRefused(path: string, ended: AbortSignal): Promise<string | undefined> {
  const enough = new AbortController();
  try {
    const response = await fetch(path, { signal: AbortSignal.any([ended, enough.signal]) });
    if (response.ok) return undefined;
    return toProblem(response, await response.json()).detail;
  } catch {
    return "The portal gave no answer.";
  } finally {
    enough.abort();
  }
}

/** Follows topics while the component lives; a change of topics or from starts a new stream. */
export function useMessageStream(
  topics: readonly string[],
  options: { running: boolean; from: string; onEvent(event: StreamEvent): void },
): StreamState {
  const [state, setState] = useState<StreamState>({ kind: "connecting" });
  const onEvent = useRef(options.onEvent);
  useEffect(() => {
    onEvent.current = options.onEvent;
  });
  const list = topics.join(",");
  const { from } = options;
  const running = options.running && list !== "";

  useEffect(() => {
    if (!running) return undefined;
    return followTopics(list.split(","), from, {
      onEvent: (event) => onEvent.current(event),
      onState: setState,
    });
  }, [running, list, from]);

  return running ? state : OFF;
}
