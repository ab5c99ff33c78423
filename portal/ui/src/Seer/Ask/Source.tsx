import { useState } from "react";
import { Link } from "wouter";
import type { Hit } from "../../api/hooks/seer";
import { plural } from "../../lib/plural";
import { Badge } from "../../ui/Badge";
import { CopyButton } from "../../ui/CopyButton";
import { When } from "../../ui/When";
import { type Span, hitLink } from "../address";
import { Marked } from "./Marked";
import { excerpt } from "./excerpt";

/** Where something was read: the place as a link to it, and the words that stand there. */
export function Source({ hit, number }: { hit: Hit; number?: number }) {
  const [whole, setWhole] = useState(false);
  const spans = hit.highlights.map(([from = 0, to = 0]): Span => [from, to]);
  const shown = whole ? { text: hit.text, spans, cutBefore: false, cutAfter: false } : excerpt(hit.text, spans);
  const isCut = shown.cutBefore || shown.cutAfter;
  return (
    <li className="rounded-lg border border-line bg-sunken p-3">
      <div className="mb-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        {number !== undefined && <span className="figures text-faint">{number}</span>}
        <Link href={hitLink(hit)} className="font-medium text-accent wrap-anywhere hover:text-accent-strong">
          {placeOf(hit)}
        </Link>
        <Badge title={hit.kind === "message" ? "A message in Kafka: the link shows its journey" : "The link shows it in its document"}>{hit.kind}</Badge>
        <span className="ml-auto flex items-center gap-2 text-xs text-faint">
          <span className="max-sm:hidden">
            <When ms={Date.parse(hit.time)} />
          </span>
          <CopyButton text={hit.text} what="the passage" />
        </span>
      </div>
      <p className="text-sm whitespace-pre-wrap text-soft wrap-anywhere">
        {shown.cutBefore && "… "}
        <Marked text={shown.text} spans={shown.spans} />
        {shown.cutAfter && " …"}
      </p>
      {(isCut || whole) && (
        <button type="button" aria-expanded={whole} onClick={() => setWhole(!whole)} className="mt-1 text-xs text-accent hover:text-accent-strong">
          {whole ? "Less" : `The whole passage, ${plural(Array.from(hit.text).length, "character")}`}
        </button>
      )}
    </li>
  );
}

/** "orders/3, offset 42" or "war_and_peace.txt, line 1234". */
function placeOf({ kind, topic, partition, offset, title, source, line }: Hit): string {
  if (kind === "message") return `${topic}/${partition}, offset ${offset}`;
  return `${title ?? source}, line ${line}`;
}
