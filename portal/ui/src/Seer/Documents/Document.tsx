import { Link } from "wouter";
import { useDocument } from "../../api/hooks/seer";
import { useSubject } from "../../app/title";
import { messageLink } from "../../Messages/address";
import { bytes, count } from "../../lib/format";
import { useUrlState } from "../../lib/useUrlState";
import { BackLink } from "../../ui/BackLink";
import { Button } from "../../ui/Button";
import { Fact, Facts } from "../../ui/Facts";
import { Panel } from "../../ui/Panel";
import { When } from "../../ui/When";
import { pieces } from "../Ask/excerpt";
import { Trouble } from "../Trouble";
import { SEER, type Span, readSpan } from "../address";

/** How much is shown around a place, and how far one page leads. */
const AROUND = 4_000;
const PAGE = 8_000;

/** A document's text, opened at the place that an answer cites. */
export function Document({ id }: { id: number }) {
  const [params, setParams] = useUrlState();
  const span = readSpan(params);
  const start = Number(params.get("at") ?? Math.max(0, (span?.[0] ?? 0) - AROUND)) || 0;
  const { data, error } = useDocument(id, start, start + PAGE);
  const name = data && (data.title ?? data.source);
  useSubject(name);
  const end = data?.span[1] ?? 0;
  const goTo = (at: number) => setParams({ at }, { step: true });

  return (
    <>
      <div className="mx-auto mb-2 w-full max-w-5xl">
        <BackLink href={`${SEER}?tab=documents`}>Documents</BackLink>
      </div>
      <Panel title={name ?? "Document"} className="mx-auto w-full max-w-5xl flex-1">
        {error && <Trouble error={error} />}
        {data && (
          <>
            <Facts>
              <Fact name="Source">{data.source}</Fact>
              <Fact name="Size">{bytes(data.bytes)}</Fact>
              <Fact name="Passages">{count(data.passages)}</Fact>
              <Fact name="Added">
                <When ms={Date.parse(data.added)} />
              </Fact>
              {data.topic !== null && (
                <Fact name="Message">
                  <Link href={messageLink(data.message_id ?? `${data.topic}/${data.partition}/${data.offset}`)} className="text-accent hover:text-accent-strong">
                    its journey
                  </Link>
                </Fact>
              )}
            </Facts>
            {start > 0 && <Button onClick={() => goTo(Math.max(0, start - PAGE))}>Earlier</Button>}
            <Text text={data.text} from={data.span[0] ?? 0} span={span} />
            <div className="flex items-center gap-4">
              {end < data.chars && <Button onClick={() => goTo(end)}>Later</Button>}
              <p className="figures text-xs text-faint">{`characters ${count(data.span[0] ?? 0)} to ${count(end)} of ${count(data.chars)}`}</p>
            </div>
          </>
        )}
      </Panel>
    </>
  );
}

const bringIntoSight = (mark: HTMLElement | null) => mark?.scrollIntoView({ block: "center" });

/** The cited place is marked and brought into sight. */
function Text({ text, from, span }: { text: string; from: number; span: Span | undefined }) {
  const spans: Span[] = span ? [[span[0] - from, span[1] - from]] : [];
  return (
    <div className="my-3 max-w-[75ch] text-base whitespace-pre-wrap text-soft wrap-anywhere">
      {pieces(text, spans).map(({ text: piece, marked }) =>
        marked ? (
          <mark key="mark" ref={bringIntoSight} className="rounded-xs bg-accent-wash text-ink">
            {piece}
          </mark>
        ) : (
          piece
        ),
      )}
    </div>
  );
}
