// Consumer groups: their members, their offsets, their lag over time.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { jsonBody, requestJson, requestNothing } from "../http";
import { paths } from "../paths";

export type GroupState = "stable" | "empty" | "dead" | "preparing_rebalance" | "completing_rebalance" | "unknown";

/** A line of the list. null: not known. */
export interface GroupSummary {
  group: string;
  state: GroupState;
  protocol: string | null;
  kind: string;
  members: number | null;
  topics: number | null;
  lag: number | null;
  error: string | null;
}

export interface GroupMember {
  id: string;
  client_id: string;
  host: string;
  partitions: { topic: string; partition: number }[];
}

export interface GroupOffset {
  topic: string;
  partition: number;
  committed: number | null;
  low: number | null;
  high: number | null;
  lag: number | null;
  /** The id of the member that reads it. */
  member: string | null;
}

export interface GroupDetails {
  group: string;
  state: GroupState;
  protocol: string | null;
  kind?: string;
  coordinator: number | null;
  members: GroupMember[];
  offsets: GroupOffset[];
  as_of_ms: number;
}

export interface LagHistory {
  step_s: number;
  from_ms: number;
  series: { topic: string; partition: number; lag: (number | null)[] }[];
}

export type ResetTarget = "earliest" | "latest" | { time_ms: number } | { offset: number } | { shift: number };

export interface Reset {
  /** All of the group's topics when absent. */
  topics?: string[];
  /** With one topic; all of them when absent. */
  partitions?: number[];
  to: ResetTarget;
}

export interface OffsetChange {
  topic: string;
  partition: number;
  from: number | null;
  to: number | null;
  /** The target lay outside of the log and was moved to its edge. */
  clamped?: boolean;
}

const LIST_POLL_MS = 5_000;
const GROUP_POLL_MS = 5_000;
const LAG_POLL_MS = 10_000;

const groupsKey = ["groups"] as const;
const groupKey = (group: string) => ["group", group] as const;

export function useGroups() {
  return useQuery({
    queryKey: groupsKey,
    queryFn: ({ signal }) => requestJson<{ groups: GroupSummary[]; as_of_ms: number }>(paths.groups(), { signal }),
    refetchInterval: LIST_POLL_MS,
  });
}

export function useGroup(group: string) {
  return useQuery({
    queryKey: groupKey(group),
    queryFn: ({ signal }) => requestJson<GroupDetails>(paths.group(group), { signal }),
    refetchInterval: GROUP_POLL_MS,
  });
}

export function useGroupLag(group: string, windowS: number) {
  return useQuery({
    queryKey: ["group", group, "lag", windowS],
    queryFn: ({ signal }) => requestJson<LagHistory>(paths.groupLag(group, windowS), { signal }),
    refetchInterval: LAG_POLL_MS,
    placeholderData: keepPreviousData,
  });
}

/** What a reset would change, without changing it. */
export function useResetPreview(group: string, reset: Reset | undefined) {
  return useQuery({
    queryKey: ["reset-preview", group, reset],
    enabled: reset !== undefined,
    queryFn: ({ signal }) =>
      requestJson<{ changes: OffsetChange[] }>(paths.groupOffsets(group, { dryRun: true }), { ...jsonBody("POST", reset), signal }),
    gcTime: 0,
  });
}

export function useReset(group: string) {
  return useGroupChange((reset: Reset) => requestNothing(paths.groupOffsets(group, {}), jsonBody("POST", reset)));
}

/** Forgets the group's offsets of a topic. */
export function useUnsubscribe(group: string) {
  return useGroupChange((topic: string) => requestNothing(paths.groupTopic(group, topic), { method: "DELETE" }));
}

/** Whether the steward would unsubscribe the group from the topic; topic undefined: nobody asks. */
export function useUnsubscribeCheck(group: string, topic: string | undefined) {
  return useDryRun(["unsubscribe", group, topic], topic && paths.groupTopic(group, topic, { dryRun: true }));
}

export function useDeleteGroup(group: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => requestNothing(paths.group(group), { method: "DELETE" }),
    onSuccess: () => {
      client.removeQueries({ queryKey: groupKey(group) });
      return client.invalidateQueries({ queryKey: groupsKey });
    },
  });
}

export function useDeleteGroupCheck(group: string, asked: boolean) {
  return useDryRun(["delete-group", group], asked ? paths.group(group, { dryRun: true }) : undefined);
}

/** Asks whether a deletion would be refused. */
function useDryRun(key: readonly (string | undefined)[], path: string | undefined) {
  return useQuery({
    queryKey: ["dry-run", ...key],
    enabled: path !== undefined,
    queryFn: async ({ signal }) => {
      await requestNothing(path ?? "", { method: "DELETE", signal });
      return true;
    },
    gcTime: 0,
  });
}

/** A change after which everything known of groups is asked for anew. */
function useGroupChange<T>(change: (what: T) => Promise<void>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () =>
      Promise.all([client.invalidateQueries({ queryKey: groupsKey }), client.invalidateQueries({ queryKey: ["group"] })]),
  });
}
