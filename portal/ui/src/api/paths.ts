// Every address the page asks for. All of them are the portal's own origin: it passes /api/SERVICE on.

import { base64 } from "../lib/base64";

const PRODUCER = "/api/producer";
const CONSUMER = "/api/consumer";
const STEWARD = "/api/steward";
const SEER = "/api/seer";

type Query = Record<string, string | number | undefined>;

function withQuery(path: string, query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) params.set(name, String(value));
  }
  const text = params.toString().replaceAll("+", "%20"); // to the services a plus is a plus
  return text ? `${path}?${text}` : path;
}

interface DryRun {
  /** The service says what the call would do, and does nothing. */
  dryRun?: boolean;
}

const dryRun = (query: DryRun): Query => ({ dry_run: query.dryRun ? "true" : undefined });

const segment = (text: string) => encodeURIComponent(text.toWellFormed());

export const paths = {
  /** key null: the record has no key; "": an empty one. */
  produce(topic: string, key: string | null): string {
    const path = `${PRODUCER}/produce/${segment(topic)}`;
    if (key === null) return path;
    // A browser takes "." and ".." (in any spelling) for directions and walks them away.
    if (key === "." || key === "..") return withQuery(path, { key_base64: base64(new TextEncoder().encode(key)) });
    return `${path}/${segment(key)}`;
  },

  /** Many records at once. */
  records: (topic: string) => `${PRODUCER}/records/${segment(topic)}`,

  /** id: a UUID, or topic/partition/offset of a message that came from another program. */
  receipt(id: string, wait?: { timeoutMs: number }): string {
    const path = `${CONSUMER}/status/${id.split("/").map(segment).join("/")}`;
    return withQuery(path, wait ? { wait: "consumed", timeout_ms: wait.timeoutMs } : {});
  },

  /** GET: the totals. POST: many receipts at once. */
  status: () => `${CONSUMER}/status`,

  receipts: (query: Query) => withQuery(`${CONSUMER}/receipts`, query),

  /** from: latest, earliest or a time in ms; nothing: at the position that the request carries. */
  consume: (topics: readonly string[], from?: string) =>
    withQuery(`${CONSUMER}/consume`, { topics: topics.join(","), format: "envelope", from }),

  /** topic undefined: all of them together. */
  latency: (windowS: number, topic?: string) => withQuery(`${CONSUMER}/latency`, { window: `${windowS}s`, topic }),

  cluster: () => `${STEWARD}/cluster`,

  topics: (query: { filter?: string; internal?: boolean; dryRun?: boolean } = {}) =>
    withQuery(`${STEWARD}/topics`, { filter: query.filter, internal: query.internal ? "true" : undefined, ...dryRun(query) }),
  topic: (topic: string) => `${STEWARD}/topics/${segment(topic)}`,
  topicSettings: (topic: string, query: DryRun = {}) => withQuery(`${STEWARD}/topics/${segment(topic)}/settings`, dryRun(query)),
  topicPartitions: (topic: string) => `${STEWARD}/topics/${segment(topic)}/partitions`,
  topicEmpty: (topic: string) => `${STEWARD}/topics/${segment(topic)}/empty`,
  topicMessages: (topic: string, query: Query) => withQuery(`${STEWARD}/topics/${segment(topic)}/messages`, query),
  topicMessage: (topic: string, partition: number, offset: number) =>
    `${STEWARD}/topics/${segment(topic)}/messages/${partition}/${offset}`,

  groups: () => `${STEWARD}/groups`,
  group: (group: string, query: DryRun = {}) => withQuery(`${STEWARD}/groups/${segment(group)}`, dryRun(query)),
  groupLag: (group: string, windowS: number) => withQuery(`${STEWARD}/groups/${segment(group)}/lag`, { window_s: windowS }),
  groupOffsets: (group: string, query: DryRun) => withQuery(`${STEWARD}/groups/${segment(group)}/offsets`, dryRun(query)),
  groupTopic: (group: string, topic: string, query: DryRun = {}) =>
    withQuery(`${STEWARD}/groups/${segment(group)}/topics/${segment(topic)}`, dryRun(query)),

  passed: (topic: string, partition: number, offset: number) => withQuery(`${STEWARD}/passed`, { topic, partition, offset }),

  seerAsk: (query: Query) => withQuery(`${SEER}/ask`, query),
  seerSearch: (query: Query) => withQuery(`${SEER}/search`, query),
  /** GET: a list. PUT: one, by its source. */
  seerDocuments: (query: Query) => withQuery(`${SEER}/documents`, query),
  seerDocument: (id: number, query: Query) => withQuery(`${SEER}/documents/${id}`, query),
  seerTopics: () => `${SEER}/topics`,
  seerStatus: () => `${SEER}/status`,

  /** What the build found in the page, and the licences' texts. */
  licences: () => "/licences.json",
  licenceTexts: () => "/licences.txt",

  /** A service's own description of its calls. */
  openApi: (service: "producer" | "consumer" | "steward" | "seer") => `/api/${service}/openapi.json`,
  portalOpenApi: () => "/openapi.json",

  /** The services behind the portal, as it sees them. */
  health: () => "/api/health",
} as const;
