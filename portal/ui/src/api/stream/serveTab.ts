import { setBearer } from "../bearer";
import type { Hub } from "./hub";
import type { FromTab, ToTab } from "./protocol";

/** By tab. The stream is everybody's: any of them will do, as long as its tab is there. */
const tokens = new Map<MessagePort, string>();

function setToken(port: MessagePort, token: string | undefined) {
  tokens.delete(port);
  if (token !== undefined) tokens.set(port, token);
  setBearer([...tokens.values()].at(-1));
}

/** Serves one tab, at the other end of a port, until it says goodbye or dies. */
export function serveTab(hub: Hub, port: MessagePort) {
  const send = (message: ToTab) => port.postMessage(message);
  const end = () => {
    hub.endAll(send);
    setToken(port, undefined);
  };
  port.addEventListener("message", ({ data }: MessageEvent<FromTab>) => {
    if (data.kind === "follow") hub.follow(data.subscription, send, data.topics, data.from);
    else if (data.kind === "end") hub.end(data.subscription, send);
    else if (data.kind === "token") setToken(port, data.token);
    else if (data.kind === "gone") end();
    // The lock comes here when the tab has gone, however it went: a port says nothing of it.
    else void navigator.locks.request(data.name, end);
  });
  port.start();
}
