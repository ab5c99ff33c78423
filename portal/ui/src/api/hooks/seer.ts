// What the seer knows, and what is asked of it.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { jsonBody, requestJson, requestNothing } from "../http";
import { paths } from "../paths";
import type { components } from "../types/seer";

type Schemas = components["schemas"];

export type Hit = Schemas["Hit"];
export type SeerAnswer = Schemas["Answer"];
export type SearchResult = Schemas["SearchResult"];
export type SeerDocument = Schemas["Document"];
export type LearntTopics = Schemas["Topics"];
export type LearntTopic = Schemas["TopicState"];

/** Where to look: everywhere, where nothing is said. */
export interface Scope {
  topic?: string | undefined;
  source?: string | undefined;
}

export type SearchMode = "both" | "words" | "meaning";

const POLL_MS = 2_000;
const PAGE = 50;
const SOURCES = 5;
const RESULTS = 20;

const documentsKey = ["seer", "documents"] as const;
const topicsKey = ["seer", "topics"] as const;

/** Asked again only by hand: an answer that changes while one reads it is no help. */
const ONCE = { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false, retry: false } as const;

export function useAnswer(question: string, scope: Scope, wanted: boolean) {
  return useQuery({
    queryKey: ["seer", "ask", question, scope],
    enabled: wanted && question !== "",
    queryFn: ({ signal }) => requestJson<SeerAnswer>(paths.seerAsk({ q: question, ...scope, k: SOURCES }), { signal }),
    ...ONCE,
  });
}

export function useSearch(text: string, mode: SearchMode, scope: Scope, wanted: boolean) {
  return useQuery({
    queryKey: ["seer", "search", text, mode, scope],
    enabled: wanted && text !== "",
    queryFn: ({ signal }) => requestJson<SearchResult>(paths.seerSearch({ q: text, mode, ...scope, k: RESULTS }), { signal }),
    placeholderData: keepPreviousData,
    ...ONCE,
  });
}

/** Newest first, page by page. */
export function useDocuments(kind: SeerDocument["kind"]) {
  return useInfiniteQuery({
    queryKey: [...documentsKey, kind],
    queryFn: ({ pageParam, signal }) => requestJson<Schemas["Documents"]>(paths.seerDocuments({ kind, before: pageParam, limit: PAGE }), { signal }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

/** A range of a document's text, in characters. */
export function useDocument(id: number, from: number, to: number) {
  return useQuery({
    queryKey: ["seer", "document", id, from, to],
    queryFn: ({ signal }) => requestJson<Schemas["DocumentWithText"]>(paths.seerDocument(id, { from, to }), { signal }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useSeerStatus() {
  return useQuery({
    queryKey: ["seer", "status"],
    queryFn: ({ signal }) => requestJson<Schemas["Status"]>(paths.seerStatus(), { signal }),
    refetchInterval: POLL_MS,
  });
}

export function useLearntTopics() {
  return useQuery({
    queryKey: topicsKey,
    queryFn: ({ signal }) => requestJson<LearntTopics>(paths.seerTopics(), { signal }),
    refetchInterval: POLL_MS,
  });
}

export interface TopicChoice {
  topics: string[] | "all";
  from: "beginning" | "end";
}

export function useChooseTopics() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (choice: TopicChoice) => requestJson<LearntTopics>(paths.seerTopics(), jsonBody("POST", choice)),
    onSuccess: (topics) => client.setQueryData(topicsKey, topics),
  });
}

/** Puts a document in the place of what its source had before. Resolves when it can be found. */
export function usePutDocument() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ source, body, type }: { source: string; body: BodyInit; type: string }) =>
      requestJson<Schemas["PutDocument"]>(paths.seerDocuments({ source }), { method: "PUT", headers: { "Content-Type": type }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["seer"] }),
  });
}

export function useDeleteDocument() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => requestNothing(paths.seerDocument(id, {}), { method: "DELETE" }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["seer"] }),
  });
}
