import { useState } from "react";
import { Link } from "wouter";
import { type SeerDocument, useDeleteDocument, useDocuments } from "../../api/hooks/seer";
import { bytes, count } from "../../lib/format";
import { plural } from "../../lib/plural";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Panel";
import { Cell, PlainTable, ROW } from "../../ui/PlainTable";
import { When } from "../../ui/When";
import { Trouble } from "../Trouble";
import { documentLink } from "../address";

const HEADS = [
  { title: "Document" },
  { title: "Size", right: true, roomy: true },
  { title: "Passages", right: true },
  { title: "Added", right: true, roomy: true },
  { title: "Delete", right: true },
] as const;

const NOTHING: Record<SeerDocument["kind"], { title: string; how: string }> = {
  document: { title: "No documents yet", how: "Drop a file above, or paste a text: it can be asked about as soon as it is listed here." },
  statement: { title: "No statements yet", how: "POST /accept takes one, and so does the topic seer-statement." },
  message: { title: "No messages yet", how: "Under Topics one sees what it learns from, and how far it is." },
};

/** Newest first, a page at a time. */
export function DocumentList({ kind }: { kind: SeerDocument["kind"] }) {
  const { data, error, hasNextPage, fetchNextPage, isFetching } = useDocuments(kind);
  const documents = data?.pages.flatMap((page) => page.documents) ?? [];
  if (error) return <Trouble error={error} />;
  if (!data) return null;
  if (documents.length === 0) return <Empty title={NOTHING[kind].title}>{NOTHING[kind].how}</Empty>;
  return (
    <div>
      <p role="status" className="figures mb-2 text-xs text-faint">
        {count(data.pages[0]?.total ?? documents.length)}
      </p>
      <PlainTable label="Documents" heads={HEADS}>
        {documents.map((document) => (
          <DocumentRow key={document.id} document={document} />
        ))}
      </PlainTable>
      {hasNextPage && (
        <Button className="mt-3" disabled={isFetching} onClick={() => void fetchNextPage()}>
          Older ones
        </Button>
      )}
    </div>
  );
}

function DocumentRow({ document: { id, source, title, type, bytes: size, passages, added, tags } }: { document: SeerDocument }) {
  return (
    <tr className={ROW}>
      <Cell wide>
        <Link href={documentLink(id)} className="text-accent hover:text-accent-strong">
          {title ?? source}
        </Link>{" "}
        {type !== null && type !== "text" && <Badge>{type}</Badge>}{" "}
        {tags.map((tag) => (
          <Badge key={tag} tone="accent">
            {tag}
          </Badge>
        ))}
      </Cell>
      <Cell right roomy>
        {bytes(size)}
      </Cell>
      <Cell right>{count(passages)}</Cell>
      <Cell right roomy>
        <When ms={Date.parse(added)} />
      </Cell>
      <Cell right>
        <DeleteButton id={id} name={title ?? source} passages={passages} />
      </Cell>
    </tr>
  );
}

/** What can be loaded again needs no name typed: a second press is enough. */
function DeleteButton({ id, name, passages }: { id: number; name: string; passages: number }) {
  const [asked, setAsked] = useState(false);
  const remove = useDeleteDocument();
  if (remove.error) return <span className="text-bad">{remove.error.message}</span>;
  return (
    <Button
      aria-label={asked ? `Delete ${name} for good` : `Delete ${name}`}
      disabled={remove.isPending || remove.isSuccess}
      className={asked ? "border-bad text-bad" : ""}
      onBlur={() => setAsked(false)}
      onClick={() => (asked ? remove.mutate(id) : setAsked(true))}
    >
      {asked ? `Delete ${plural(passages, "passage")}?` : "Delete"}
    </Button>
  );
}
