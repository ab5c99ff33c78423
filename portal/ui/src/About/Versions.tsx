import { useCluster } from "../api/hooks/cluster";
import type { Part } from "../System/parts";
import { StateBadge } from "../System/StateBadge";
import { CopyButton } from "../ui/CopyButton";
import { Cell, PlainTable, ROW } from "../ui/PlainTable";
import { Unknown } from "../ui/Unknown";

const HEADS = [{ title: "Component" }, { title: "State" }, { title: "Version" }] as const;

/** The version and commit of everything that runs, as it says itself. */
export function Versions({ parts }: { parts: readonly Part[] }) {
  const known = parts.flatMap(({ name, version }) => (version ? `${name} ${version}` : []));
  return (
    <>
      <PlainTable label="Versions of the components" heads={HEADS}>
        {parts.map((part) => (
          <tr key={part.name} className={ROW}>
            <Cell>
              <span className="capitalize">{part.name}</span>
            </Cell>
            <Cell>
              <StateBadge state={part.state} />
            </Cell>
            <Cell>{part.version ?? <Unknown why={whyUnknown(part)} />}</Cell>
          </tr>
        ))}
      </PlainTable>
      <div className="mt-2 flex flex-wrap items-center gap-x-4 text-xs text-faint">
        <KafkaClient />
        {known.length > 0 && (
          <span className="inline-flex items-center gap-1">
            For a report
            <CopyButton text={known.join("\n")} what="all versions" />
          </span>
        )}
      </div>
    </>
  );
}

const whyUnknown = ({ name }: Part) => (name === "kafka" ? "Kafka does not tell clients its version" : "it does not answer");

/** Of the services, only the steward tells which client it runs with. */
function KafkaClient() {
  const { data } = useCluster();
  return data ? <span>The steward&rsquo;s Kafka client is librdkafka {data.librdkafka}.</span> : null;
}
