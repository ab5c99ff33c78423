import { useLocation } from "wouter";
import { type TopicDetails, useDeleteTopic } from "../api/hooks/topics";
import { problemText } from "../Cluster/problemText";
import { plural } from "../lib/plural";
import { GuardDialog } from "../ui/GuardDialog";
import { sumOfMessages } from "./TopicFacts";

export function DeleteTopic({ topic, onClose }: { topic: TopicDetails; onClose(): void }) {
  const [, navigate] = useLocation();
  const remove = useDeleteTopic(topic.name);
  const messages = sumOfMessages(topic);
  return (
    <GuardDialog
      title={`Delete ${topic.name}?`}
      name={topic.name}
      action="Delete the topic"
      busy={remove.isPending}
      problem={problemText(remove.error)}
      onConfirm={() => remove.mutate(undefined, { onSuccess: () => navigate("/topics") })}
      onClose={onClose}
    >
      The topic goes with {messages === null ? "all of its messages" : `its ${plural(messages, "message")}`} in {plural(topic.partitions.length, "partition")}
      {topic.groups.length > 0 && `; ${plural(topic.groups.length, "consumer group")} had read from it`}. It cannot be undone.
    </GuardDialog>
  );
}
