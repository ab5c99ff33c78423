import { Link } from "wouter";
import { type Cluster, useCluster } from "../api/hooks/cluster";
import { Answer } from "../Cluster/Answer";
import { ReadOnlyMark } from "../Cluster/ReadOnlyMark";
import { count } from "../lib/format";
import { Badge } from "../ui/Badge";
import { CopyButton } from "../ui/CopyButton";
import { Fact, Facts } from "../ui/Facts";
import { Panel } from "../ui/Panel";
import { Cell, PlainTable, ROW } from "../ui/PlainTable";
import { Unknown } from "../ui/Unknown";

/** The brokers, as the steward sees them. */
export function ClusterPanel() {
  const cluster = useCluster();
  return (
    <Panel title="Cluster" aside={<ReadOnlyMark />}>
      <Answer query={cluster} what="the brokers">
        {(data) => (
          <>
            <ClusterFacts cluster={data} />
            <Brokers brokers={data.brokers} />
            {!data.can.topic_bytes && (
              <p className="mt-2 text-xs text-pretty text-faint">
                How large topics are is not told here: the steward&rsquo;s Kafka client, librdkafka {data.librdkafka}, cannot ask brokers for the size of their logs.
              </p>
            )}
          </>
        )}
      </Answer>
    </Panel>
  );
}

const ClusterFacts = ({ cluster }: { cluster: Cluster }) => (
  <Facts>
    <Fact name="id">
      {cluster.cluster_id === null ? <Unknown why="the brokers have not told it" /> : <ClusterId id={cluster.cluster_id} />}
    </Fact>
    <Fact name="controller">{cluster.controller === null ? <Unknown why="the brokers name none just now" /> : `broker ${cluster.controller}`}</Fact>
    <Fact name="topics">
      <Link href="/topics" className="text-accent hover:underline">
        {count(cluster.topics)}
      </Link>
    </Fact>
    <Fact name="partitions">{count(cluster.partitions)}</Fact>
    <Fact name="groups">
      <Link href="/groups" className="text-accent hover:underline">
        {cluster.groups === null ? <Unknown why="the brokers have not listed them yet" /> : count(cluster.groups)}
      </Link>
    </Fact>
  </Facts>
);

const ClusterId = ({ id }: { id: string }) => (
  <span className="-my-1 inline-flex items-center gap-1">
    <span className="wrap-anywhere">{id}</span>
    <CopyButton text={id} what="the cluster's id" />
  </span>
);

const HEADS = [
  { title: "Broker" },
  { title: "Address" },
  { title: "Rack", roomy: true },
  { title: "Leads", right: true },
  { title: "Replicas", right: true },
] as const;

const Brokers = ({ brokers }: { brokers: Cluster["brokers"] }) => (
  <PlainTable label="Brokers" heads={HEADS}>
    {brokers.map(({ id, host, port, rack, controller, leaders, replicas }) => (
      <tr key={id} className={ROW}>
        <Cell>{id}</Cell>
        <Cell wide>
          {host}:{port} {controller && <Badge tone="accent">controller</Badge>}
          {rack !== null && <span className="block text-xs text-faint sm:hidden">rack {rack}</span>}
        </Cell>
        <Cell roomy>{rack ?? <Unknown why="it has no rack, or the client cannot tell" />}</Cell>
        <Cell right>{count(leaders)}</Cell>
        <Cell right>{count(replicas)}</Cell>
      </tr>
    ))}
  </PlainTable>
);
