import { useLocation } from "wouter";
import { type TopicDetails, useDeleteTopic } from "../api/hooks/topics";
import { problemText } from "../Cluster/problemText";
import { count } from "../lib/format";
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
      The topic goes with {messages === null ? "all of its messages" : `its ${count(messages)} messages`} in {count(topic.partitions.length)} partitions
      {topic.groups.length > 0 && `, and ${count(topic.groups.length)} consumer groups lose what they read`}. It cannot be undone.
    </GuardDialog>
  );
}
