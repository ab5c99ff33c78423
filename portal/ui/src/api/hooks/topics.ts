// Topics, their settings and their messages, as the steward answers them.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { jsonBody, requestNothing } from "../http";
import { paths } from "../paths";
import type { components } from "../types/steward";
import { UNTIL_THERE, askSteward } from "./steward";
import { type TopicSummary, topicListQuery, topicsKey } from "./topicNames";

export type { TopicSummary } from "./topicNames";

type Schemas = components["schemas"];

export type TopicDetails = Schemas["Topic"];
export type TopicPartition = Schemas["Partition"];

export interface TopicDraft {
  name: string;
  partitions: number;
  replication: number;
  settings: Record<string, string>;
}

/** A long value is cut and says so. */
export type BrowsedMessage = Schemas["Message"];
export type MessagePage = Schemas["MessagePage"];

/** From a place on, or the page that an earlier one's cursor leads to. partition undefined: all of them. */
export type MessageQuery = ({ partition: number | undefined; from: string } | { cursor: string }) & { limit: number };

const LIST_POLL_MS = 5_000;
const TOPIC_POLL_MS = 5_000;

const topicKey = (topic: string) => ["topic", topic] as const;
const settingsKey = (topic: string) => ["topic", topic, "settings"] as const;

export const useTopics = (which: { internal: boolean }) => useQuery({ ...topicListQuery(which), refetchInterval: LIST_POLL_MS });

/** null: the steward says that there is none of this name; undefined: not known (yet). */
export function useTopicNamed(topic: string): TopicSummary | null | undefined {
  const { data } = useQuery({
    queryKey: [...topicsKey, { filter: topic }],
    queryFn: (asking) => askSteward<{ topics: TopicSummary[] }>(paths.topics({ filter: topic, internal: true }), asking),
  });
  return data && (data.topics.find(({ name }) => name === topic) ?? null);
}

export function useTopic(topic: string) {
  return useQuery({
    queryKey: topicKey(topic),
    queryFn: (asking) => askSteward<TopicDetails>(paths.topic(topic), asking),
    refetchInterval: TOPIC_POLL_MS,
  });
}

export function useTopicSettings(topic: string) {
  return useQuery({
    queryKey: settingsKey(topic),
    queryFn: (asking) => askSteward<Schemas["Settings"]>(paths.topicSettings(topic), asking),
    ...UNTIL_THERE,
  });
}

/** Asks the broker what it would say to a topic, without making it. */
export function useTopicCheck(draft: TopicDraft | undefined) {
  return useQuery({
    queryKey: ["topic-check", draft],
    enabled: draft !== undefined,
    queryFn: async ({ signal }) => {
      await requestNothing(paths.topics({ dryRun: true }), { ...jsonBody("POST", draft), signal });
      return true;
    },
    gcTime: 0,
  });
}

export function useCreateTopic() {
  return useChange((draft: TopicDraft) => requestNothing(paths.topics(), jsonBody("POST", draft)));
}

/** null takes a setting back to the default. */
export type SettingsChange = Record<string, string | null>;

/** The settings as a change would leave them; the broker was asked whether it takes it. undefined: nobody asks. */
export function useSettingsPreview(topic: string, change: SettingsChange | undefined) {
  return useQuery({
    queryKey: ["settings-preview", topic, change],
    enabled: change !== undefined,
    queryFn: (asking) =>
      askSteward<Schemas["Settings"]>(paths.topicSettings(topic, { dryRun: true }), asking, jsonBody("PATCH", { settings: change })),
    gcTime: 0,
  });
}

export function useChangeSettings(topic: string) {
  return useChange((settings: SettingsChange) =>
    requestNothing(paths.topicSettings(topic), jsonBody("PATCH", { settings })),
  );
}

export function useAddPartitions(topic: string) {
  return useChange((total: number) => requestNothing(paths.topicPartitions(topic), jsonBody("POST", { total })));
}

/** Without partitions: all of them. */
export function useEmptyTopic(topic: string) {
  return useChange((partitions: number[] | undefined) =>
    requestNothing(paths.topicEmpty(topic), jsonBody("POST", partitions ? { partitions } : {})),
  );
}

export function useDeleteTopic(topic: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => requestNothing(paths.topic(topic), { method: "DELETE" }),
    onSuccess: () => {
      client.removeQueries({ queryKey: topicKey(topic) });
      return client.invalidateQueries({ queryKey: topicsKey });
    },
  });
}

/** A change after which everything known of topics is asked for anew. */
function useChange<T>(change: (what: T) => Promise<void>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () =>
      Promise.all([client.invalidateQueries({ queryKey: topicsKey }), client.invalidateQueries({ queryKey: ["topic"] })]),
  });
}

export function useMessages(topic: string, query: MessageQuery) {
  return useQuery({
    queryKey: ["messages", topic, query],
    queryFn: (asking) => askSteward<MessagePage>(paths.topicMessages(topic, { ...query }), asking),
    ...UNTIL_THERE,
    placeholderData: keepPreviousData,
    // What stands at an offset does not change; the end moves on, and is asked for again by a button.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

/** The whole of a message whose value was cut; asked for when somebody wants it. */
export function useWholeMessage(topic: string, partition: number, offset: number, wanted: boolean) {
  return useQuery({
    queryKey: ["message", topic, partition, offset],
    enabled: wanted,
    queryFn: (asking) => askSteward<BrowsedMessage>(paths.topicMessage(topic, partition, offset), asking),
    ...UNTIL_THERE,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}
