// Consumer groups: their members, their offsets, their lag over time.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { jsonBody, requestNothing } from "../http";
import { paths } from "../paths";
import type { components } from "../types/steward";
import { askSteward } from "./steward";

type Schemas = components["schemas"];

/** A line of the list. null: not known. */
export type GroupSummary = Schemas["GroupSummary"];
export type GroupDetails = Schemas["Group"];
export type GroupState = Schemas["GroupState"];
export type GroupMember = Schemas["GroupMember"];
export type GroupOffset = Schemas["GroupOffset"];
export type LagHistory = Schemas["GroupLag"];
export type Reset = Schemas["GroupReset"];
export type GroupChanges = Schemas["GroupChanges"];
export type OffsetChange = GroupChanges["changes"][number];

const LIST_POLL_MS = 5_000;
const GROUP_POLL_MS = 5_000;
const LAG_POLL_MS = 10_000;

const groupsKey = ["groups"] as const;
const groupKey = (group: string) => ["group", group] as const;

export function useGroups() {
  return useQuery({
    queryKey: groupsKey,
    queryFn: (asking) => askSteward<{ groups: GroupSummary[]; as_of_ms: number }>(paths.groups(), asking),
    refetchInterval: LIST_POLL_MS,
  });
}

export function useGroup(group: string) {
  return useQuery({
    queryKey: groupKey(group),
    queryFn: (asking) => askSteward<GroupDetails>(paths.group(group), asking),
    refetchInterval: GROUP_POLL_MS,
  });
}

export function useGroupLag(group: string, windowS: number) {
  return useQuery({
    queryKey: ["group", group, "lag", windowS],
    queryFn: (asking) => askSteward<LagHistory>(paths.groupLag(group, windowS), asking),
    refetchInterval: LAG_POLL_MS,
    placeholderData: keepPreviousData,
  });
}

/** What a reset would change, without changing it. */
export function useResetPreview(group: string, reset: Reset | undefined) {
  return useQuery({
    queryKey: ["reset-preview", group, reset],
    enabled: reset !== undefined,
    queryFn: (asking) =>
      askSteward<GroupChanges>(paths.groupOffsets(group, { dryRun: true }), asking, jsonBody("POST", reset)),
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

/** What unsubscribing the group from the topic would forget; topic undefined: nobody asks. */
export function useUnsubscribePreview(group: string, topic: string | undefined) {
  return useDeletionPreview(["unsubscribe", group, topic], topic && paths.groupTopic(group, topic, { dryRun: true }));
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

export function useDeleteGroupPreview(group: string) {
  return useDeletionPreview(["delete-group", group], paths.group(group, { dryRun: true }));
}

function useDeletionPreview(key: readonly (string | undefined)[], path: string | undefined) {
  return useQuery({
    queryKey: ["deletion-preview", ...key],
    enabled: path !== undefined,
    queryFn: (asking) => askSteward<GroupChanges>(path ?? "", asking, { method: "DELETE" }),
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
