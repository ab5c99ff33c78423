// A steward for tests: a cluster of one broker with some topics and groups, as its contract says them.
import type { Cluster, Setting } from "../api/hooks/cluster";
import type { GroupDetails, GroupSummary } from "../api/hooks/groups";
import type { BrowsedMessage, TopicDetails, TopicSummary } from "../api/hooks/topics";
import { type Call, json } from "./services";

export const AS_OF_MS = 1_763_776_044_000;

export const cluster = (news: Partial<Cluster> = {}): Cluster => ({
  cluster_id: "4L6g3nShT-eMCtK--X86sw",
  controller: 1,
  read_only: false,
  librdkafka: "2.0.2",
  can: { topic_bytes: false, incremental_settings: false, kip848_groups: false },
  brokers: [{ id: 1, host: "127.0.0.1", port: 9092, rack: null, controller: true, leaders: 3, replicas: 3 }],
  topics: 1,
  partitions: 3,
  groups: 1,
  as_of_ms: AS_OF_MS,
  ...news,
});

export const topicSummary = (news: Partial<TopicSummary> = {}): TopicSummary => ({
  name: "orders",
  internal: false,
  partitions: 3,
  replication: 1,
  under_replicated: 0,
  messages: 1_042,
  bytes: null,
  rate: 2.5,
  lag: 7,
  groups: 1,
  last_write_ms: AS_OF_MS,
  error: null,
  ...news,
});

export const topicDetails = (news: Partial<TopicDetails> = {}): TopicDetails => ({
  name: "orders",
  internal: false,
  partitions: [0, 1, 2].map((partition) => ({ partition, leader: 1, replicas: [1], isr: [1], low: 0, high: 100, messages: 100 })),
  groups: [{ group: "billing", lag: 7 }],
  as_of_ms: AS_OF_MS,
  ...news,
});

export const setting = (news: Partial<Setting> = {}): Setting => ({
  name: "retention.ms",
  value: "604800000",
  source: "default",
  default: true,
  read_only: false,
  sensitive: false,
  ...news,
});

export const browsed = (offset: number, news: Partial<BrowsedMessage> = {}): BrowsedMessage => ({
  id: `orders/0/${offset}`,
  topic: "orders",
  partition: 0,
  offset,
  timestamp_ms: AS_OF_MS + offset,
  timestamp_type: "create_time",
  key: `key ${offset}`,
  value: `value ${offset}`,
  value_bytes: 7,
  cut: false,
  headers: [],
  ...news,
});

export const groupSummary = (news: Partial<GroupSummary> = {}): GroupSummary => ({
  group: "billing",
  state: "empty",
  protocol: "range",
  kind: "classic",
  members: 0,
  topics: 1,
  lag: 7,
  error: null,
  ...news,
});

export const groupDetails = (news: Partial<GroupDetails> = {}): GroupDetails => ({
  group: "billing",
  state: "empty",
  kind: "classic",
  protocol: "range",
  coordinator: 1,
  members: [],
  offsets: [
    { topic: "orders", partition: 0, committed: 93, low: 0, high: 100, lag: 7, member: null },
    { topic: "orders", partition: 1, committed: 100, low: 0, high: 100, lag: 0, member: null },
  ],
  as_of_ms: AS_OF_MS,
  ...news,
});

const STEWARD = "/api/steward";

/** Answers the steward's GETs from fixtures; more answers stand in front, by path without the query. */
export function steward(answers: Record<string, (call: Call) => Response> = {}) {
  const usual: Record<string, (call: Call) => Response> = {
    "GET /cluster": () => json(cluster()),
    "GET /topics": () => json({ topics: [topicSummary()], as_of_ms: AS_OF_MS }),
    "GET /topics/orders": () => json(topicDetails()),
    "GET /topics/orders/settings": () => json({ settings: [setting()] }),
    "GET /topics/orders/messages": () => json({ messages: [browsed(1), browsed(2)], next: null, previous: null, whole: true }),
    "GET /groups": () => json({ groups: [groupSummary()], as_of_ms: AS_OF_MS }),
    "GET /groups/billing": () => json(groupDetails()),
    "GET /groups/billing/lag": () => json({ step_s: 10, from_ms: AS_OF_MS, series: [] }),
    ...answers,
  };
  return (call: Call) => {
    if (!call.path.startsWith(STEWARD)) return undefined;
    return usual[`${call.method} ${call.path.slice(STEWARD.length).split("?")[0]}`]?.(call);
  };
}
