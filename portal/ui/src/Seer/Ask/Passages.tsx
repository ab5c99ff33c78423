import type { SearchResult } from "../../api/hooks/seer";
import { plural } from "../../lib/plural";
import { Empty } from "../../ui/Panel";
import { Freshness } from "./Freshness";
import { Source } from "./Source";

/** What was found, best first. */
export function Passages({ found: { results, took_ms, freshness, words_only } }: { found: SearchResult }) {
  return (
    <section aria-label="Passages found">
      <p role="status" className="figures mb-2 flex flex-wrap gap-x-4 text-xs text-faint">
        <span>{`${plural(results.length, "passage")} in ${took_ms.toFixed(1)} ms`}</span>
        <Freshness freshness={freshness} />
        {words_only !== null && <span className="text-warn">{`found by words alone: ${words_only}`}</span>}
      </p>
      {results.length === 0 ? (
        <Empty title="Nothing found">No document and no message that was learnt has these words, or anything like them.</Empty>
      ) : (
        <ol className="flex flex-col gap-2">
          {results.map((hit) => (
            <Source key={`${hit.document}/${hit.span[0]}`} hit={hit} />
          ))}
        </ol>
      )}
    </section>
  );
}
