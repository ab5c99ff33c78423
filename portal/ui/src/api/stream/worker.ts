// The hub in a SharedWorker: one for all tabs of this origin, gone with the last of them.
import { serveTab } from "./serveTab";
import { Hub } from "./hub";

const hub = new Hub();

addEventListener("connect", (event) => {
  const [port] = (event as MessageEvent).ports;
  if (port) serveTab(hub, port);
});
