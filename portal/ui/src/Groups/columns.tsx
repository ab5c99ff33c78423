// The list of groups, a column a row here.
import type { GroupSummary } from "../api/hooks/groups";
import { count } from "../lib/format";
import { Badge } from "../ui/Badge";
import { Unknown } from "../ui/Unknown";
import type { Column } from "../ui/table/columns";
import { KindBadge, UNKNOWN_MEMBERS } from "./KindBadge";
import { StateBadge } from "./StateBadge";

export const groupColumns: Column<GroupSummary>[] = [
  { id: "group", title: "Group", width: "minmax(12rem,3fr)", sortBy: ({ group }) => group, cell: (group) => <Marks group={group} /> },
  { id: "state", title: "State", width: "minmax(8rem,1fr)", sortBy: ({ state }) => state, cell: ({ state }) => <StateBadge state={state} /> },
  {
    id: "protocol",
    title: "Assignor",
    width: "minmax(6rem,1fr)",
    sortBy: ({ protocol }) => protocol || null,
    cell: ({ protocol, kind }) => protocol || <Unknown why={kind === "unknown with this client" ? UNKNOWN_MEMBERS : "it has no members that chose one"} />,
  },
  number("members", "Members", ({ members }) => members, UNKNOWN_MEMBERS),
  number("topics", "Topics", ({ topics }) => topics, "its offsets are not known"),
  number("lag", "Lag", ({ lag }) => lag, "it has no offsets, or an end is not known"),
];

function number(id: string, title: string, value: (group: GroupSummary) => number | null, why: string): Column<GroupSummary> {
  const cell = (group: GroupSummary) => {
    const n = value(group);
    return n === null ? <Unknown why={why} /> : count(n);
  };
  return { id, title, width: "minmax(5.5rem,1fr)", right: true, sortBy: value, cell };
}

function Marks({ group: { error, kind } }: { group: GroupSummary }) {
  return (
    <>
      <KindBadge kind={kind} />
      {error && (
        <Badge tone="bad" title={error}>
          error
        </Badge>
      )}
    </>
  );
}
