// Stands in for the services: answers fetch from fixtures, and lets a test push events into a live stream.
import { vi } from "vitest";
import { health, totals } from "./fixtures";

export interface Call {
  method: string;
  path: string;
  headers: Headers;
  body: string;
}

type Answer = Response | Promise<Response>;
type Handler = (call: Call) => Answer | undefined;

export const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

/** Never answers. */
export const silence = () => new Promise<Response>(() => {});

/** Asks handlers in turn; what none answers gets a stack in good health. Returns the list of calls. */
export function serve(...handlers: Handler[]): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit = {}) => {
    const body = init.body instanceof Uint8Array ? new TextDecoder().decode(init.body) : String(init.body ?? "");
    const call = { method: init.method ?? "GET", path, headers: new Headers(init.headers), body };
    calls.push(call);
    for (const handler of [...handlers, goodHealth]) {
      const answer = handler(call);
      if (answer) return answer;
    }
    return json({ title: "Not found", status: 404, detail: "no such path" }, 404);
  });
  vi.stubGlobal("EventSource", FakeEventSource);
  FakeEventSource.opened = [];
  return calls;
}

function goodHealth({ method, path }: Call): Answer | undefined {
  if (path === "/api/health") return json(health());
  if (path === "/api/consumer/status" && method === "GET") return json(totals());
  return undefined;
}

export class FakeEventSource extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  static opened: FakeEventSource[] = [];

  readyState = FakeEventSource.CONNECTING;
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
    FakeEventSource.opened.push(this);
  }
  open() {
    this.readyState = FakeEventSource.OPEN;
    this.dispatchEvent(new Event("open"));
  }
  push(name: string, data: unknown, lastEventId = "") {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data), lastEventId }));
  }
  /** The browser gave up: an error status answered. */
  giveUp() {
    this.readyState = FakeEventSource.CLOSED;
    this.dispatchEvent(new Event("error"));
  }
  close() {
    this.readyState = FakeEventSource.CLOSED;
  }
}
