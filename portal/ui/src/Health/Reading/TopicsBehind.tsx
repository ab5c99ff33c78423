import { Link } from "wouter";
import type { TopicTotals } from "../../api/hooks/status";
import { topicLink } from "../../Cluster/links";
import { count, rate } from "../../lib/format";
import { Cell, PlainTable, ROW } from "../../ui/PlainTable";

const ROWS_MAX = 10;

/** Where the consumer is behind, else where most is read. */
const mostBehind = (topics: readonly TopicTotals[]) => topics.toSorted((a, b) => b.lag - a.lag || b.rate - a.rate || b.n_consumed - a.n_consumed).slice(0, ROWS_MAX);

const HEADS = [{ title: "Topic" }, { title: "Lag", right: true }, { title: "Rate", right: true }, { title: "Consumed", right: true }] as const;

export function TopicsBehind({ topics }: { topics: readonly TopicTotals[] }) {
  if (topics.length === 0) return <p className="mt-4 text-sm text-soft">No topic was read yet.</p>;
  return (
    <div className="mt-5">
      <h3 className="mb-2 text-sm font-medium text-soft">
        {topics.length > ROWS_MAX ? `The ${ROWS_MAX} of ${count(topics.length)} topics that are furthest behind, then the busiest` : "Topics, furthest behind first"}
      </h3>
      <PlainTable label="Topics by lag" heads={HEADS}>
        {mostBehind(topics).map(({ topic, lag, rate: perSecond, n_consumed: consumed }) => (
          <tr key={topic} className={ROW}>
            <Cell wide>
              <Link href={topicLink(topic)} className="text-accent hover:underline">
                {topic}
              </Link>
            </Cell>
            <Cell right>{count(lag)}</Cell>
            <Cell right>{rate(perSecond)} /s</Cell>
            <Cell right>{count(consumed)}</Cell>
          </tr>
        ))}
      </PlainTable>
    </div>
  );
}
