import { useMayChange } from "../../api/hooks/cluster";
import { useTopicNamed } from "../../api/hooks/topics";
import { plural } from "../../lib/plural";
import { useSettled } from "../../lib/useSettled";

const SETTLED_MS = 400;

/** Of a topic that the consumer has not met: whether Kafka has it, and else a way to make it as one wants it. */
export function NewTopic({ topic, notKnown, onCreate }: { topic: string; notKnown: string; onCreate(): void }) {
  const settled = useSettled(topic, SETTLED_MS);
  const known = useTopicNamed(settled);
  const mayChange = useMayChange();
  if (settled !== topic || known === undefined) return notKnown;
  if (known) return `Kafka has it, with ${plural(known.partitions, "partition")}; no message was read from it yet.`;
  return (
    <>
      There is no such topic yet. The first message makes it, as the producer is set.{" "}
      {mayChange && (
        <button type="button" className="rounded text-accent hover:text-accent-strong" onClick={onCreate}>
          Choose its partitions and settings
        </button>
      )}
    </>
  );
}
