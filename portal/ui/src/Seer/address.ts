// What the screen shows is in its address: a question, a list, or one document with a place in it.
import type { Hit, SearchMode } from "../api/hooks/seer";
import { messageLink } from "../Messages/address";

export const SEER = "/seer";

export const TABS = [
  { id: "ask", title: "Ask" },
  { id: "documents", title: "Documents" },
  { id: "topics", title: "Topics" },
] as const;

export type Tab = (typeof TABS)[number]["id"];

export const readTab = (text: string | null): Tab => TABS.find(({ id }) => id === text)?.id ?? "ask";

/** What one wants: an answer, or the passages. */
export type Wanted = "answer" | "passages";

export const MODES: readonly { id: SearchMode; title: string }[] = [
  { id: "both", title: "words and meaning" },
  { id: "words", title: "words alone" },
  { id: "meaning", title: "meaning alone" },
];

export interface Question {
  text: string;
  wanted: Wanted;
  mode: SearchMode;
  topic: string;
  source: string;
}

export function readQuestion(params: URLSearchParams): Question {
  return {
    text: params.get("q") ?? "",
    wanted: params.get("find") === "passages" ? "passages" : "answer",
    mode: MODES.find(({ id }) => id === params.get("mode"))?.id ?? "both",
    topic: params.get("topic") ?? "",
    source: params.get("source") ?? "",
  };
}

/** For useUrlState: what is usual stays out of the address. */
export const questionParams = ({ text, wanted, mode, topic, source }: Question) => ({
  q: text,
  find: wanted === "answer" ? undefined : wanted,
  mode: mode === "both" ? undefined : mode,
  topic,
  source,
});

export type Span = readonly [from: number, to: number];

export const documentLink = (id: number, span?: Span) => `${SEER}/documents/${id}${span ? `?from=${span[0]}&to=${span[1]}` : ""}`;

/** Where a source stands: a message with its journey, or a document at the very passage. */
export function hitLink({ kind, topic, partition, offset, message_id, document, span }: Hit): string {
  if (kind === "message" && topic !== null) return messageLink(message_id ?? `${topic}/${partition}/${offset}`);
  return documentLink(document, [span[0] ?? 0, span[1] ?? 0]);
}

/** The document of an address; undefined: the address is another one. */
export function documentInPath(path: string): number | undefined {
  const found = /^\/seer\/documents\/(\d{1,15})\/?$/.exec(path);
  return found ? Number(found[1]) : undefined;
}

export function readSpan(params: URLSearchParams): Span | undefined {
  const [from, to] = [Number(params.get("from") ?? Number.NaN), Number(params.get("to") ?? Number.NaN)];
  return Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && to > from ? [from, to] : undefined;
}
