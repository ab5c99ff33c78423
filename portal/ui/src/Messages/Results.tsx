import type { ReactNode } from "react";
import { Link } from "wouter";
import { useReceipts } from "../api/hooks/receiptSearch";
import type { Receipt } from "../api/hooks/receipts";
import { UNREACHABLE, problemOf } from "../api/http";
import { bytes, count, duration, exactTime, shortTime } from "../lib/format";
import { sentence } from "../lib/sentence";
import { useNow } from "../lib/useNow";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { Empty } from "../ui/Panel";
import { cx } from "../ui/cx";
import { messageLink } from "./address";
import { type Search, receiptsQuery, searchParams } from "./search";

interface ResultsProps {
  search: Search;
  /** The search as the address has it, and with what else its links carry. */
  query: string;
  carried: string;
  /** The message that is shown beside the list. */
  shown: string | undefined;
}

/** The receipts that fit, newest consumed first, a page at a time. */
export function Results({ search, query, carried, shown }: ResultsProps) {
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = useReceipts({ name: query, query: () => receiptsQuery(search, Date.now()) });
  const nowMs = useNow(60_000);
  const receipts = data?.pages.flatMap((page) => page.receipts) ?? [];
  return (
    <section aria-label="Messages found" className="mt-4 flex min-w-0 flex-col border-t border-line pt-3">
      <div className="mb-2 flex min-h-8 items-center justify-between gap-3">
        <p role="status" className="figures text-xs text-faint">
          {data ? `${count(receipts.length)}${hasNextPage ? " newest" : receipts.length === 1 ? " message" : " messages"}` : error ? "" : "Asking the consumer"}
        </p>
        <Button disabled={isFetching} onClick={() => void refetch()}>
          Look again
        </Button>
      </div>
      {error && <Trouble error={error} kept={data !== undefined} />}
      {data && receipts.length === 0 && !hasNextPage && <Nothing search={search} />}
      <ul className="-mx-2 lg:max-h-[65dvh] lg:overflow-y-auto">
        {receipts.map((receipt) => (
          <ResultItem
            key={keyOf(receipt)}
            receipt={receipt}
            href={messageLink(nameOf(receipt), carried)}
            current={nameOf(receipt) === shown}
            nowMs={nowMs}
          />
        ))}
      </ul>
      {hasNextPage && (
        <Button className="mt-2 justify-center" disabled={isFetching} onClick={() => void fetchNextPage()}>
          Older ones
        </Button>
      )}
    </section>
  );
}

/** One id may be in Kafka twice; a place only once. A failed message has none. */
const keyOf = ({ id, incarnation, partition, offset }: Receipt) => `${id} ${incarnation}/${partition}/${offset}`;

/** What leads to it and not to its duplicate. */
const nameOf = ({ id, topic, partition, offset, duplicates }: Receipt) => (duplicates.length > 0 ? `${topic}/${partition}/${offset}` : id);

function Trouble({ error, kept }: { error: Error; kept: boolean }) {
  const problem = problemOf(error);
  const what = problem.status === UNREACHABLE ? "The portal gave no answer." : sentence(problem.detail || problem.title);
  return (
    <div className="mb-2">
      <Notice tone={kept ? "warn" : "bad"}>
        {what} {kept ? "What stands here is from before." : "Look again in a moment."}
      </Notice>
    </div>
  );
}

function Nothing({ search }: { search: Search }) {
  if (searchParams(search).size === 0) {
    return <Empty title="No message was consumed yet">Send one on the first screen, and its receipt is here within milliseconds.</Empty>;
  }
  return <Empty title="No message fits">Receipts are searched, of messages the consumer has read. A key is compared whole, letter by letter.</Empty>;
}

interface ResultItemProps {
  receipt: Receipt;
  href: string;
  current: boolean;
  nowMs: number;
}

function ResultItem({ receipt, href, current, nowMs }: ResultItemProps) {
  const { topic, partition, offset, consumed_us, failed_us, latency_us, value_bytes } = receipt;
  const atUs = consumed_us ?? failed_us ?? null;
  const totalUs = latency_us.accepted_consumed;
  return (
    <li>
      <Link
        href={href}
        aria-current={current ? "true" : undefined}
        className={cx(
          "flex flex-col gap-0.5 rounded-lg px-2 py-1.5 text-sm transition-colors focus-visible:outline-offset-[-2px]",
          current ? "bg-accent-wash" : "hover:bg-hover",
        )}
      >
        <Line>
          <span className="min-w-0 truncate">
            {topic}
            <span className="figures text-faint">{offset === null ? "" : `/${partition}/${offset}`}</span>
          </span>
          <time className="figures shrink-0 text-xs text-faint" title={atUs === null ? undefined : exactTime(atUs)}>
            {atUs === null ? "–" : shortTime(atUs / 1_000, nowMs)}
          </time>
        </Line>
        <Line>
          <KeyText receipt={receipt} />
          <span className={cx("figures shrink-0 text-xs", receipt.state === "failed" ? "text-bad" : "text-soft")}>
            {receipt.state === "failed" ? "failed" : totalUs === null ? "" : duration(totalUs)}
            <span className="ml-3 text-faint">{value_bytes === null ? "tombstone" : bytes(value_bytes)}</span>
          </span>
        </Line>
      </Link>
    </li>
  );
}

const Line = ({ children }: { children: ReactNode }) => <span className="flex items-baseline justify-between gap-3">{children}</span>;

function KeyText({ receipt: { key, key_base64 } }: { receipt: Receipt }) {
  if (key_base64 !== undefined) return <span className="min-w-0 truncate font-mono text-xs text-faint">base64 {key_base64}</span>;
  if (key === null || key === undefined) return <span className="text-xs text-faint italic">no key</span>;
  return key === "" ? <span className="text-xs text-faint italic">empty key</span> : <span className="min-w-0 truncate text-xs text-accent">{key}</span>;
}
