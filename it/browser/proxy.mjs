// A wire to the portal that a test can cut. It counts the live streams that run through it.
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { PORTAL_URL } from "./browser.mjs";

export async function openProxy() {
  const { hostname, port } = new URL(PORTAL_URL);
  const sockets = new Set();
  const streams = new Set();
  const server = createServer((client) => {
    const portal = connect(Number(port), hostname);
    sockets.add(client);
    client.on("data", (bytes) => {
      if (bytes.includes("GET /api/consumer/consume?")) streams.add(client);
    });
    client.pipe(portal).pipe(client);
    for (const [end, other] of [[client, portal], [portal, client]]) {
      end.on("error", () => other.destroy());
      end.on("close", () => other.destroy());
    }
    client.on("close", () => {
      sockets.delete(client);
      streams.delete(client);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    streams: () => streams.size,
    cut() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    close() {
      this.cut();
      server.close();
    },
  };
}
