import { useInfiniteQuery } from "@tanstack/react-query";
import { requestJson } from "../http";
import { paths } from "../paths";
import type { paths as api } from "../types/consumer";

/** What receipts are searched for; the consumer compares keys byte for byte. */
export interface ReceiptSearch {
  /** Tells one search from another. */
  name: string;
  /** When it is asked: a span ends then. */
  query(): {
    topic: string | undefined;
    key?: string;
    key_base64?: string;
    /** In ms; undefined: any time. */
    since: number | undefined;
    until: number | undefined;
  };
}

type Page = api["/receipts"]["get"]["responses"][200]["content"]["application/json"];

const PAGE_SIZE = 50;

/** Receipts that fit, newest consumed first, page by page. */
export function useReceipts({ name, query }: ReceiptSearch) {
  return useInfiniteQuery({
    queryKey: ["receipts", "search", name],
    queryFn: ({ pageParam, signal }) => requestJson<Page>(paths.receipts({ ...query(), before: pageParam, limit: PAGE_SIZE }), { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}
