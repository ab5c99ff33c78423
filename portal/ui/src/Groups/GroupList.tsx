import { type GroupSummary, useGroups } from "../api/hooks/groups";
import { Answer } from "../Cluster/Answer";
import { FilteredList } from "../Cluster/FilteredList";
import { groupLink } from "../Cluster/links";
import { Empty, Panel } from "../ui/Panel";
import { groupColumns } from "./columns";

const nameOf = ({ group }: GroupSummary) => group;

export function GroupList() {
  const groups = useGroups();
  return (
    <Panel title="Consumer groups" className="flex-1">
      <Answer query={groups} what="the groups">
        {(data) => (
          <FilteredList
            label="Groups"
            items={data.groups}
            asOfMs={data.as_of_ms}
            columns={groupColumns}
            nameOf={nameOf}
            hrefOf={({ group }) => groupLink(group)}
            usualSort={{ by: "group", descending: false }}
            empty={<Empty title="No groups yet">A group shows here when a consumer has joined it or committed an offset.</Empty>}
          />
        )}
      </Answer>
    </Panel>
  );
}
