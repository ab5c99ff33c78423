// A seer for tests: one book, one topic, as its contract says them.
import type { Hit, LearntTopics, SeerAnswer, SeerDocument } from "../api/hooks/seer";
import { type Call, json } from "./services";

export const ADDED = "2025-11-22T01:47:24.000Z";

export const hit = (news: Partial<Hit> = {}): Hit => ({
  document: 1,
  source: "fable.txt",
  title: null,
  kind: "document",
  topic: null,
  partition: null,
  offset: null,
  message_id: null,
  time: ADDED,
  span: [40, 64],
  line: 3,
  score: 0.8,
  text: "There was a boy. The wolf ate his flock.",
  highlights: [[17, 40]],
  ...news,
});

export const answer = (news: Partial<SeerAnswer> = {}): SeerAnswer => ({
  question: "who ate the flock?",
  answer: "The wolf ate his flock.",
  sources: [hit()],
  confidence: 0.82,
  known: true,
  worded_by: "extract",
  not_worded: null,
  words_only: null,
  took_ms: 1.25,
  freshness: { topics: 1, behind: 0, behind_ms: 0 },
  ...news,
});

export const seerDocument = (news: Partial<SeerDocument> = {}): SeerDocument => ({
  id: 1,
  source: "fable.txt",
  title: null,
  tags: [],
  kind: "document",
  type: "text",
  bytes: 1_560,
  chars: 1_500,
  passages: 2,
  added: ADDED,
  topic: null,
  partition: null,
  offset: null,
  message_id: null,
  time: ADDED,
  ...news,
});

export const learntTopics = (news: Partial<LearntTopics> = {}): LearntTopics => ({
  learning: "all",
  chosen: [],
  topics: [{ topic: "orders", chosen: true, partitions: 3, indexed: 90, end: 100, behind: 10, messages: 88, skipped: 2, last: ADDED }],
  not_learning: [],
  ...news,
});

const status = {
  documents: { document: 1, statement: 0, message: 88 },
  passages: 90,
  vectors: 90,
  index_bytes: 1,
  memory_bytes: 1,
  embedder: { kind: "table", model: "m", dims: 256, why: null },
  llm: null,
  load_dir: null,
  document_max_bytes: 1,
  learning_paused: null,
  freshness: { topics: 1, behind: 0, behind_ms: 0 },
};

/** Answers what the screen asks by itself. */
export function aSeer({ method, path }: Call): Response | undefined {
  if (!path.startsWith("/api/seer/") || method !== "GET") return undefined;
  if (path === "/api/seer/status") return json(status);
  if (path === "/api/seer/topics") return json(learntTopics());
  if (path.startsWith("/api/seer/documents?")) return json({ documents: [seerDocument()], next: null, total: 1 });
  return undefined;
}
