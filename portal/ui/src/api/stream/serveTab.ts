import type { Hub } from "./hub";
import type { FromTab, ToTab } from "./protocol";

/** Serves one tab, at the other end of a port, until it says goodbye or dies. */
export function serveTab(hub: Hub, port: MessagePort) {
  const send = (message: ToTab) => port.postMessage(message);
  port.addEventListener("message", ({ data }: MessageEvent<FromTab>) => {
    if (data.kind === "follow") hub.follow(data.subscription, send, data.topics, data.from);
    else if (data.kind === "end") hub.end(data.subscription, send);
    else if (data.kind === "gone") hub.endAll(send);
    // The lock comes here when the tab has gone, however it went: a port says nothing of it.
    else void navigator.locks.request(data.name, () => hub.endAll(send));
  });
  port.start();
}
