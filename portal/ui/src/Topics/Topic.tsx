import { useState } from "react";
import { useMayChange } from "../api/hooks/cluster";
import { type TopicDetails, useTopic } from "../api/hooks/topics";
import { useSubject } from "../app/title";
import { Answer } from "../Cluster/Answer";
import { ReadOnlyMark } from "../Cluster/ReadOnlyMark";
import { listLink } from "../Cluster/links";
import { useUrlState } from "../lib/useUrlState";
import { BackLink } from "../ui/BackLink";
import { Badge } from "../ui/Badge";
import { Button } from "../ui/Button";
import { CopyButton } from "../ui/CopyButton";
import { Panel } from "../ui/Panel";
import { Tabs } from "../ui/Tabs";
import { AddPartitions } from "./AddPartitions";
import { Browse } from "./Browse/Browse";
import { DeleteTopic } from "./DeleteTopic";
import { EmptyTopic } from "./EmptyTopic";
import { Partitions } from "./Partitions";
import { TopicFacts } from "./TopicFacts";
import { TopicGroups } from "./TopicGroups";
import { TopicSettings } from "./Settings/TopicSettings";
import { Tail } from "./Tail";
import { TOPIC_TABS, type TopicTab, readTopicTab } from "./tabs";

/** One topic: what it is, what is in it, what can be done with it. */
export function Topic({ name }: { name: string }) {
  useSubject(name);
  const topic = useTopic(name);
  const [params, setParams] = useUrlState();
  const tab = readTopicTab(params.get("tab"));
  const notes: Partial<Record<TopicTab, string>> = topic.data
    ? { partitions: String(topic.data.partitions.length), groups: String(topic.data.groups.length) }
    : {};

  return (
    <>
      <div className="mb-2">
        <BackLink href={listLink("/topics")}>Topics</BackLink>
      </div>
      <Panel
        title={name}
        behind={<CopyButton text={name} what="the name" />}
        className="flex-1"
        aside={
          <div className="flex flex-wrap items-center gap-2">
            {topic.data?.internal && <Badge>internal</Badge>}
            <ReadOnlyMark />
            {topic.data && <Actions topic={topic.data} />}
          </div>
        }
      >
        <Answer query={topic} what={`the topic ${name}`}>
          {(data) => (
            <>
              <TopicFacts topic={data} />
              <Tabs
                label={`Topic ${name}`}
                tabs={TOPIC_TABS.map((one) => ({ ...one, note: notes[one.id] }))}
                current={tab}
                onChange={(id) => setParams({ tab: id === "partitions" ? undefined : id }, { step: true })}
              >
                <Shown tab={tab} topic={data} />
              </Tabs>
            </>
          )}
        </Answer>
      </Panel>
    </>
  );
}

const SHOWS: Record<TopicTab, (props: { topic: TopicDetails }) => React.ReactNode> = {
  partitions: Partitions,
  browse: Browse,
  tail: Tail,
  groups: TopicGroups,
  settings: TopicSettings,
};

function Shown({ tab, topic }: { tab: TopicTab; topic: TopicDetails }) {
  const Tab = SHOWS[tab];
  return <Tab topic={topic} />;
}

const ACTIONS = [
  { title: "Add partitions", Window: AddPartitions },
  { title: "Empty", Window: EmptyTopic },
  { title: "Delete", Window: DeleteTopic },
] as const;

/** What would be refused is not offered: a read-only steward's changes, and those of internal topics. */
function Actions({ topic }: { topic: TopicDetails }) {
  const mayChange = useMayChange();
  const [open, setOpen] = useState<(typeof ACTIONS)[number]>();
  if (!mayChange || topic.internal) return null;
  return (
    <>
      {ACTIONS.map((action) => (
        <Button key={action.title} onClick={() => setOpen(action)}>
          {action.title}
        </Button>
      ))}
      {open && <open.Window topic={topic} onClose={() => setOpen(undefined)} />}
    </>
  );
}
