// The topics one can name: those that the consumer has read, and whatever else the cluster has.
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { count } from "../../lib/format";
import { paths } from "../paths";
import type { components } from "../types/steward";
import { useTotals } from "./status";
import { askSteward } from "./steward";

/** A line of the list. null: not known. */
export type TopicSummary = components["schemas"]["TopicSummary"];

interface TopicList {
  topics: TopicSummary[];
  as_of_ms: number;
}

export const topicsKey = ["topics"] as const;

export const topicListQuery = ({ internal }: { internal: boolean }) =>
  queryOptions({
    queryKey: [...topicsKey, { internal }],
    queryFn: (asking) => askSteward<TopicList>(paths.topics({ internal }), asking),
    placeholderData: keepPreviousData,
  });

/** Names are seldom new. */
const NAMES_POLL_MS = 30_000;

export interface TopicName {
  value: string;
  /** How many messages of it the consumer has read; nothing: none. */
  note?: string;
}

/** By name, as a field offers them. Without a steward: those that were read. */
export function useTopicNames(): TopicName[] {
  const { data: totals } = useTotals();
  const { data: list } = useQuery({ ...topicListQuery({ internal: false }), refetchInterval: NAMES_POLL_MS });
  const read = new Map((totals?.by_topic ?? []).map(({ topic, n_consumed: consumed }) => [topic, consumed]));
  const names = new Set([...read.keys(), ...(list?.topics ?? []).map(({ name }) => name)]);
  return [...names].toSorted((a, b) => a.localeCompare(b)).map((value) => {
    const consumed = read.get(value);
    return consumed === undefined ? { value } : { value, note: count(consumed) };
  });
}
