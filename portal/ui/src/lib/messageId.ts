import { topicNameError } from "./topicName";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const OFFSET = /^\d{1,19}$/;

/** A UUID, or the place in Kafka of a message that another program sent: topic/partition/offset. */
export function isMessageId(text: string): boolean {
  if (UUID.test(text)) return true;
  const [topic = "", partition = "", offset = "", ...more] = text.split("/");
  return more.length === 0 && !topicNameError(topic) && OFFSET.test(partition) && OFFSET.test(offset);
}
