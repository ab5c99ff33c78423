import type { SeerDocument } from "../../api/hooks/seer";
import { useUrlState } from "../../lib/useUrlState";
import { Select } from "../../ui/Select";
import { AddDocuments } from "./AddDocuments";
import { DocumentList } from "./DocumentList";

const KINDS = { document: "Documents", statement: "Statements", message: "Messages" } as const;
const kinds = Object.keys(KINDS) as SeerDocument["kind"][];

/** What the seer has read, and a way to give it more. */
export function Documents() {
  const [params, setParams] = useUrlState();
  const kind = kinds.find((one) => one === params.get("kind")) ?? "document";
  return (
    <div className="flex flex-col gap-5">
      <AddDocuments />
      <div className="w-44">
        <Select
          aria-label="What to list"
          options={Object.values(KINDS)}
          value={KINDS[kind]}
          onChange={({ target }) => setParams({ kind: kinds.find((one) => KINDS[one] === target.value && one !== "document") }, { step: true })}
        />
      </div>
      <DocumentList kind={kind} />
    </div>
  );
}
