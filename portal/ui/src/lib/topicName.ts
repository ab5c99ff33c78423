// Kafka's rule for a topic's name (org.apache.kafka.common.internals.Topic).

export const TOPIC_NAME_MAX = 249;

/** What is wrong with a name, as a sentence; undefined: nothing. */
export function topicNameError(name: string): string | undefined {
  if (name === "") return "A topic needs a name.";
  if (name === "." || name === "..") return `"${name}" cannot be a topic's name.`;
  if (name.length > TOPIC_NAME_MAX) return `A name has at most ${TOPIC_NAME_MAX} characters; this one has ${name.length}.`;
  const wrong = /[^a-zA-Z0-9._-]/u.exec(name);
  if (!wrong) return undefined;
  const what = wrong[0] === " " ? "A space" : `"${wrong[0]}"`;
  return `${what} cannot be in a topic's name: letters a to z, digits, ".", "_" and "-" can.`;
}
