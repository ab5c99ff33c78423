import { useMayChange } from "../../api/hooks/cluster";
import { useTopic } from "../../api/hooks/topics";
import { problemOf } from "../../api/http";
import { plural } from "../../lib/plural";
import { useSettled } from "../../lib/useSettled";

const SETTLED_MS = 400;

/** Of a topic that the consumer has not met: whether Kafka has it, and else a way to make it as one wants it. */
export function NewTopic({ topic, notKnown, onCreate }: { topic: string; notKnown: string; onCreate(): void }) {
  const settled = useSettled(topic, SETTLED_MS);
  const { data, error } = useTopic(settled);
  const mayChange = useMayChange();
  if (settled !== topic) return notKnown;
  if (data) return `Kafka has it, with ${plural(data.partitions.length, "partition")}; no message was read from it yet.`;
  if (!error || problemOf(error).status !== 404) return notKnown;
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
