import { type ReactNode, useState } from "react";
import { useMayChange } from "../api/hooks/cluster";
import { type GroupDetails, useGroup } from "../api/hooks/groups";
import { useSubject } from "../app/title";
import { Answer } from "../Cluster/Answer";
import { ReadOnlyMark } from "../Cluster/ReadOnlyMark";
import { listLink } from "../Cluster/links";
import { count } from "../lib/format";
import { useUrlState } from "../lib/useUrlState";
import { BackLink } from "../ui/BackLink";
import { Button } from "../ui/Button";
import { CopyButton } from "../ui/CopyButton";
import { Fact, Facts } from "../ui/Facts";
import { Panel } from "../ui/Panel";
import { Tabs } from "../ui/Tabs";
import { Unknown } from "../ui/Unknown";
import { DeleteGroup } from "./DeleteGroup";
import { KindBadge } from "./KindBadge";
import { Lag } from "./Lag/Lag";
import { Members } from "./Members";
import { ResetOffsets } from "./Reset/ResetOffsets";
import { StateBadge } from "./StateBadge";
import { Unsubscribe } from "./Unsubscribe";
import { lagOf } from "./offsets";

const TABS = [
  { id: "lag", title: "Lag" },
  { id: "members", title: "Members" },
] as const;

type GroupTab = (typeof TABS)[number]["id"];

/** One group: where it stands, who is in it, what can be done with it. */
export function Group({ name }: { name: string }) {
  useSubject(name);
  const group = useGroup(name);
  const [params, setParams] = useUrlState();
  const tab = TABS.find(({ id }) => id === params.get("tab"))?.id ?? "lag";
  const notes: Partial<Record<GroupTab, string>> = group.data?.members ? { members: String(group.data.members.length) } : {};

  return (
    <>
      <div className="mb-2">
        <BackLink href={listLink("/groups")}>Groups</BackLink>
      </div>
      <Panel
        title={name}
        behind={<CopyButton text={name} what="the name" />}
        className="flex-1"
        aside={
          <div className="flex flex-wrap items-center gap-2">
            <ReadOnlyMark />
            {group.data && <Actions group={group.data} />}
          </div>
        }
      >
        <Answer query={group} what={`the group ${name}`}>
          {(data) => (
            <>
              <GroupFacts group={data} />
              <Tabs
                label={`Group ${name}`}
                tabs={TABS.map((one) => ({ ...one, note: notes[one.id] }))}
                current={tab}
                onChange={(id) => setParams({ tab: id === "lag" ? undefined : id }, { step: true })}
              >
                {tab === "lag" ? <Lag group={data} /> : <Members group={data} />}
              </Tabs>
            </>
          )}
        </Answer>
      </Panel>
    </>
  );
}

function GroupFacts({ group }: { group: GroupDetails }) {
  const lag = lagOf(group.offsets);
  return (
    <Facts>
      <Fact name="state">
        <StateBadge state={group.state} /> <KindBadge kind={group.kind} />
      </Fact>
      {group.protocol && <Fact name="assignor">{group.protocol}</Fact>}
      <Fact name="coordinator">{group.coordinator === null ? <Unknown why="it was not told" /> : `broker ${group.coordinator}`}</Fact>
      <Fact name="lag">{lag === null ? <Unknown why="not all of its offsets and ends are known" /> : count(lag)}</Fact>
    </Facts>
  );
}

type Window = (props: { group: GroupDetails; onClose(): void }) => ReactNode;

const ACTIONS: readonly { title: string; Window: Window }[] = [
  { title: "Reset offsets", Window: ResetOffsets },
  { title: "Unsubscribe", Window: Unsubscribe },
  { title: "Delete", Window: DeleteGroup },
];

/** Only where the steward allows changes. That members are in the way is said in the window itself. */
function Actions({ group }: { group: GroupDetails }) {
  const mayChange = useMayChange();
  const [open, setOpen] = useState<(typeof ACTIONS)[number]>();
  if (!mayChange) return null;
  return (
    <>
      {ACTIONS.map((action) => (
        <Button key={action.title} onClick={() => setOpen(action)}>
          {action.title}
        </Button>
      ))}
      {open && <open.Window group={group} onClose={() => setOpen(undefined)} />}
    </>
  );
}
