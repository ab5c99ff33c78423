import { useLocation } from "wouter";
import { partNamed } from "../System/parts";
import { StateBadge } from "../System/StateBadge";
import { useParts } from "../System/useParts";
import { useUrlState } from "../lib/useUrlState";
import { Panel } from "../ui/Panel";
import { Tabs } from "../ui/Tabs";
import { Absent } from "./Absent";
import { Ask } from "./Ask/Ask";
import { Document } from "./Documents/Document";
import { Documents } from "./Documents/Documents";
import { LearntTopics } from "./Topics/LearntTopics";
import { TABS, type Tab, documentInPath, readTab } from "./address";

/** Ask what flowed through, and what the documents say; see what is known, and choose it. */
export function Seer() {
  const { parts } = useParts();
  const [path] = useLocation();
  const seer = partNamed(parts, "seer");
  const document = documentInPath(path);
  if (seer.state === "down") return <Absent seer={seer} />;
  if (document !== undefined) return <Document key={document} id={document} />;
  return (
    <Panel title="Seer" className="mx-auto w-full max-w-5xl flex-1" aside={seer.state === "ready" ? undefined : <StateBadge state={seer.state} />}>
      <Screen />
    </Panel>
  );
}

const SHOWS: Record<Tab, () => React.ReactNode> = { ask: Ask, documents: Documents, topics: LearntTopics };

function Screen() {
  const [params, setParams] = useUrlState();
  const tab = readTab(params.get("tab"));
  const Shown = SHOWS[tab];
  return (
    <Tabs label="Seer" tabs={TABS} current={tab} onChange={(id) => setParams({ tab: id === "ask" ? undefined : id }, { step: true })}>
      <Shown />
    </Tabs>
  );
}
