import { useInfiniteQuery } from "@tanstack/react-query";
import { requestJson } from "../http";
import { paths } from "../paths";
import type { paths as api } from "../types/consumer";

/** What receipts are searched for; the consumer compares keys byte for byte. */
export interface ReceiptSearch {
  topic: string;
  /** null: any. */
  key: string | null;
  /** In ms; undefined: any time. */
  sinceMs(): number | undefined;
  /** Tells one search from another. */
  name: string;
}

type Page = api["/receipts"]["get"]["responses"][200]["content"]["application/json"];

const PAGE_SIZE = 50;

/** Receipts that fit, newest consumed first, page by page. */
export function useReceipts({ topic, key, sinceMs, name }: ReceiptSearch) {
  return useInfiniteQuery({
    queryKey: ["receipts", "search", name],
    queryFn: ({ pageParam, signal }) => {
      const query = { topic: topic || undefined, key: key ?? undefined, since: sinceMs(), before: pageParam, limit: PAGE_SIZE };
      return requestJson<Page>(paths.receipts(query), { signal });
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}
