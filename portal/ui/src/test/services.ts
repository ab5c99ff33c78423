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
    if (path.startsWith("/api/consumer/consume?")) return new FakeStream(call).response(init.signal);
    return json({ title: "Not found", status: 404, detail: "no such path" }, 404);
  });
  FakeStream.opened = [];
  FakeStream.backlog = "";
  FakeStream.end = 0;
  return calls;
}

function goodHealth({ method, path }: Call): Answer | undefined {
  if (path === "/api/health") return json(health());
  if (path === "/api/consumer/status" && method === "GET") return json(totals());
  return undefined;
}

const encoder = new TextEncoder();

/** The consumer's stream: says its position first, then what the test pushes. */
export class FakeStream {
  static opened: FakeStream[] = [];
  /** What comes with the position, in the same piece. */
  static backlog = "";
  /** Where the latest begins, in each topic. */
  static end = 0;

  readonly topics: string[];
  /** Where it was asked to begin. */
  readonly from: string | null;
  readonly position: string | null;
  ended = false;
  #out: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor({ path, headers }: Pick<Call, "path" | "headers">) {
    const query = new URLSearchParams(path.split("?")[1]);
    this.topics = (query.get("topics") ?? "").split(",");
    this.from = query.get("from");
    this.position = headers.get("Last-Event-ID");
    FakeStream.opened.push(this);
  }
  /** Those that go on being read: the short ones that only ask for a position have ended. */
  static open = () => FakeStream.opened.filter(({ ended }) => !ended);

  response(signal?: AbortSignal | null): Response {
    const body = new ReadableStream<Uint8Array>({
      start: (out) => {
        this.#out = out;
        const begin = this.topics.map((topic) => `${topic}:${this.from === "latest" ? FakeStream.end : 0}`).join(";");
        this.say(`retry: 3000\n\nid: ${this.position ?? begin}\n\n${FakeStream.backlog}`);
      },
      cancel: () => void (this.ended = true),
    });
    signal?.addEventListener("abort", () => this.break());
    return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
  }
  say(text: string) {
    this.#out?.enqueue(encoder.encode(text));
  }
  push(name: string, data: unknown, id: string) {
    this.say(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }
  /** The service ends it. */
  end() {
    this.ended = true;
    this.#out?.close();
  }
  /** The network does. */
  break() {
    if (this.ended) return;
    this.ended = true;
    this.#out?.error(new TypeError("network error"));
  }
}
