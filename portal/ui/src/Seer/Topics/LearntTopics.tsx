import { type LearntTopic, useLearntTopics } from "../../api/hooks/seer";
import { topicLink } from "../../Cluster/links";
import { count } from "../../lib/format";
import { plural } from "../../lib/plural";
import { Badge } from "../../ui/Badge";
import { Empty } from "../../ui/Panel";
import { Cell, PlainTable, ROW } from "../../ui/PlainTable";
import { When } from "../../ui/When";
import { Link } from "wouter";
import { Trouble } from "../Trouble";
import { ChooseTopics } from "./ChooseTopics";

const HEADS = [
  { title: "Topic" },
  { title: "Freshness", right: true },
  { title: "Messages learnt", right: true },
  { title: "No text", right: true, roomy: true },
  { title: "Newest", right: true, roomy: true },
] as const;

/** Which topics it learns from, and how far it is with each. */
export function LearntTopics() {
  const { data, error } = useLearntTopics();
  if (!data) return error ? <Trouble error={error} /> : null;
  return (
    <div className="flex flex-col gap-5">
      {error && <Trouble error={error} />}
      {/* Chosen anew (here or elsewhere), the form begins anew. */}
      <ChooseTopics key={`${data.learning} ${data.chosen.join()}`} topics={data} />
      {data.topics.length === 0 ? (
        <Empty title="It learns from no topic yet">Choose one above, or send a message: a new topic is learnt by itself when all are.</Empty>
      ) : (
        <PlainTable label="Topics the seer learns from" heads={HEADS}>
          {data.topics.map((topic) => (
            <TopicRow key={topic.topic} topic={topic} />
          ))}
        </PlainTable>
      )}
    </div>
  );
}

function TopicRow({ topic: { topic, chosen, behind, messages, skipped, last } }: { topic: LearntTopic }) {
  return (
    <tr className={ROW}>
      <Cell wide>
        <Link href={topicLink(topic)} className="text-accent hover:text-accent-strong">
          {topic}
        </Link>{" "}
        {!chosen && <Badge title="Its messages stay in the index; no more are learnt">no longer chosen</Badge>}
      </Cell>
      <Cell right>{behind === 0 ? <span className="text-ok">all learnt</span> : <span className="text-warn">{plural(behind, "message")} behind</span>}</Cell>
      <Cell right>{count(messages)}</Cell>
      <Cell right roomy>
        {count(skipped)}
      </Cell>
      <Cell right roomy>
        {last === null ? "–" : <When ms={Date.parse(last)} />}
      </Cell>
    </tr>
  );
}
