// The list of groups, a column a row here.
import type { GroupSummary } from "../api/hooks/groups";
import { count } from "../lib/format";
import { Badge } from "../ui/Badge";
import { Unknown } from "../ui/Unknown";
import type { Column } from "../ui/table/columns";
import { StateBadge } from "./StateBadge";

const UNKNOWN_KIND = "unknown with this client";

export const groupColumns: Column<GroupSummary>[] = [
  { id: "group", title: "Group", width: "minmax(12rem,3fr)", sortBy: ({ group }) => group, cell: (group) => <Marks group={group} /> },
  { id: "state", title: "State", width: "minmax(8rem,1fr)", sortBy: ({ state }) => state, cell: ({ state }) => <StateBadge state={state} /> },
  {
    id: "protocol",
    title: "Assignor",
    width: "minmax(6rem,1fr)",
    sortBy: ({ protocol }) => protocol || null,
    cell: ({ protocol, kind }) => protocol || <Unknown why={kind === UNKNOWN_KIND ? kind : "it has no members that chose one"} />,
  },
  number("members", "Members", ({ members }) => members),
  number("topics", "Topics", ({ topics }) => topics),
  number("lag", "Lag", ({ lag }) => lag, "not all of its offsets and ends are known"),
];

function number(id: string, title: string, value: (group: GroupSummary) => number | null, why?: string): Column<GroupSummary> {
  const cell = (group: GroupSummary) => {
    const n = value(group);
    return n === null ? <Unknown why={why ?? group.kind} /> : count(n);
  };
  return { id, title, width: "minmax(5.5rem,1fr)", right: true, sortBy: value, cell };
}

function Marks({ group: { error } }: { group: GroupSummary }) {
  if (!error) return null;
  return (
    <Badge tone="bad" title={error}>
      error
    </Badge>
  );
}
