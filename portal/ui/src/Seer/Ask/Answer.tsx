import type { SeerAnswer } from "../../api/hooks/seer";
import { sentence } from "../../lib/sentence";
import { Badge } from "../../ui/Badge";
import { CopyButton } from "../../ui/CopyButton";
import { Freshness } from "./Freshness";
import { Source } from "./Source";

/** What the seer says, how sure it is, and where it has it from. */
export function Answer({ answer }: { answer: SeerAnswer }) {
  const { known, sources, confidence, freshness, took_ms, worded_by, words_only } = answer;
  return (
    <section aria-label="Answer" className="flex flex-col gap-4">
      <div aria-live="polite" className="rounded-xl border border-line bg-surface p-4 sm:p-5">
        <div className="flex items-start gap-2">
          <p className="min-w-0 flex-1 text-lg text-pretty whitespace-pre-wrap wrap-anywhere">{sentence(answer.answer)}</p>
          {known && <CopyButton text={answer.answer} what="the answer" />}
        </div>
        <div className="figures mt-3 flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-faint">
          {known && <Confidence value={confidence} />}
          {words_only !== null && <Badge tone="warn" title={sentence(words_only)}>found by words alone</Badge>}
          {worded_by === "llm" && <Badge title="The passages below are what it was given">worded by a language model</Badge>}
          <span>{`${took_ms.toFixed(1)} ms`}</span>
          <Freshness freshness={freshness} />
        </div>
      </div>
      {sources.length > 0 && (
        <div>
          <h3 className="mb-2 text-sm font-medium text-soft">{known ? "From" : "The nearest passages"}</h3>
          <ol className="flex flex-col gap-2">
            {sources.map((hit, at) => (
              <Source key={`${hit.document}/${hit.span[0]}`} hit={hit} number={at + 1} />
            ))}
          </ol>
        </div>
      )}
    </section>
  );
}

function Confidence({ value }: { value: number }) {
  const percent = Math.round(value * 100);
  return (
    <span className="flex items-center gap-2" title="How well the question's words and meaning are met by the sentence">
      <span aria-hidden="true" className="h-1.5 w-16 overflow-hidden rounded-full bg-line">
        <span className="block h-full rounded-full bg-accent" style={{ width: `${percent}%` }} />
      </span>
      {`${percent} % sure`}
    </span>
  );
}
