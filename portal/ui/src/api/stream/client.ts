// A tab's way to the hub.
//
// The hub lives in a SharedWorker. The other way to share a connection, a tab that leads the others by a Web Lock and
// a BroadcastChannel, has to hand over without a loss when that tab closes, stands still when the browser freezes it
// in the background, and does not exist at all where the page came over plain HTTP from another machine. Where
// there is no SharedWorker (Chrome on Android before 2025), each tab has a hub, and a connection, of its own.
import { newUuid } from "../../lib/uuid";
import { onToken, tokenState } from "../token";
import type { FromTab, StreamEvent, StreamState, ToTab } from "./protocol";

export interface StreamHandlers {
  onEvents(events: readonly StreamEvent[]): void;
  onState(state: StreamState): void;
}

export interface Following {
  /** Follows these topics and no others; new ones begin at from (latest, earliest or a time in ms). */
  follow(topics: readonly string[], from: string): void;
  end(): void;
}

interface Subscriber {
  handlers: StreamHandlers;
  /** What it follows: said again when the browser brings the tab back that it had put aside. */
  follow?: FromTab;
}

interface Line {
  say(message: FromTab): void;
  subscribers: Map<number, Subscriber>;
}

let line: Line | undefined;
let lastSubscription = 0;

/** Begins to listen; nothing is followed yet. */
export function subscribe(handlers: StreamHandlers): Following {
  line ??= openLine();
  const { say, subscribers } = line;
  lastSubscription += 1;
  const subscription = lastSubscription;
  const subscriber: Subscriber = { handlers };
  subscribers.set(subscription, subscriber);
  return {
    follow(topics, from) {
      subscriber.follow = { kind: "follow", subscription, topics, from };
      say(subscriber.follow);
    },
    end() {
      subscribers.delete(subscription);
      say({ kind: "end", subscription });
    },
  };
}

function openLine(): Line {
  const subscribers: Line["subscribers"] = new Map();
  const port = typeof SharedWorker === "undefined" ? ownHub() : sharedHub();
  const say = (message: FromTab) => port.postMessage(message);
  port.addEventListener("message", ({ data }: MessageEvent<ToTab>) => {
    const handlers = subscribers.get(data.subscription)?.handlers;
    if (data.kind === "events") handlers?.onEvents(data.events);
    else handlers?.onState(data.state);
  });
  port.start();
  /** Also what the hub forgot, or waits to try again. */
  const sayAll = () => {
    say({ kind: "token", token: tokenState().token });
    for (const { follow } of subscribers.values()) if (follow) say(follow);
  };
  sayAll();
  onToken(({ wanted }) => wanted || sayAll());
  showLife(say, sayAll);
  return { say, subscribers };
}

const sharedHub = () => new SharedWorker(new URL("./worker.ts", import.meta.url), { type: "module", name: "kafkloud stream" }).port;

/** A closed tab says so; of one that died the hub gets the lock, where the browser has locks (not over plain HTTP). */
function showLife(say: Line["say"], sayAll: () => void) {
  const name = `kafkloud tab ${newUuid()}`;
  const forEver = new Promise<void>(() => {});
  void navigator.locks?.request(name, () => {
    say({ kind: "lock", name });
    return forEver;
  });
  window.addEventListener("pagehide", () => say({ kind: "gone" }));
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) sayAll();
  });
}

/** What is said before the hub's code is there waits in the channel. */
function ownHub(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  void Promise.all([import("./hub"), import("./serveTab")]).then(([{ Hub }, { serveTab }]) => serveTab(new Hub(), port2));
  return port1;
}
