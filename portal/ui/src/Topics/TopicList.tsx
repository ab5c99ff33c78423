import { useMemo, useState } from "react";
import { useCluster, useMayChange } from "../api/hooks/cluster";
import { useHealth } from "../api/hooks/health";
import { type TopicSummary, useTopics } from "../api/hooks/topics";
import { Answer } from "../Cluster/Answer";
import { FilteredList } from "../Cluster/FilteredList";
import { topicLink } from "../Cluster/links";
import { useUrlState } from "../lib/useUrlState";
import { Button } from "../ui/Button";
import { Checkbox } from "../ui/Checkbox";
import { Empty, Panel } from "../ui/Panel";
import { CreateTopic } from "./Create/CreateTopic";
import { topicColumns } from "./columns";

const nameOf = ({ name }: TopicSummary) => name;

export function TopicList() {
  const [params, setParams] = useUrlState();
  const internal = params.get("internal") === "true";
  const topics = useTopics({ internal });
  const cluster = useCluster();
  const mayChange = useMayChange();
  const [creating, setCreating] = useState(false);
  const columns = useMemo(() => topicColumns(cluster.data?.can), [cluster.data?.can]);

  return (
    <Panel
      title="Topics"
      className="flex-1"
      aside={
        <div className="flex flex-wrap items-center gap-4">
          <Checkbox checked={internal} onChange={(checked) => setParams({ internal: checked })}>
            Internal ones, too
          </Checkbox>
          {mayChange && (
            <Button icon="plus" onClick={() => setCreating(true)}>
              Create a topic
            </Button>
          )}
        </div>
      }
    >
      <Answer query={topics} what="the topics">
        {(data) => (
          <FilteredList
            label="Topics"
            items={data.topics}
            asOfMs={data.as_of_ms}
            columns={columns}
            nameOf={nameOf}
            hrefOf={({ name }) => topicLink(name)}
            usualSort={{ by: "name", descending: false }}
            empty={<NoTopics mayChange={mayChange} />}
          />
        )}
      </Answer>
      {creating && <CreateTopic onClose={() => setCreating(false)} />}
    </Panel>
  );
}

/** Nothing is in the cluster, or the steward has not seen it yet. */
function NoTopics({ mayChange }: { mayChange: boolean }) {
  const steward = useHealth().services.find(({ name }) => name === "steward");
  if (steward?.health === "unready") {
    return <Empty title="The cluster cannot be seen just now">{steward.why} The topics show when it can.</Empty>;
  }
  return <Empty title="No topics yet">{mayChange ? "Create one here, or send a message: its topic is made." : "Send a message: its topic is made."}</Empty>;
}
