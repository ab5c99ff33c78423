// What one can see of a topic, in the order of the tabs; the tab's id is in the address.

export const TOPIC_TABS = [
  { id: "partitions", title: "Partitions" },
  { id: "browse", title: "Browse" },
  { id: "tail", title: "Live tail" },
  { id: "groups", title: "Groups" },
  { id: "settings", title: "Settings" },
] as const;

export type TopicTab = (typeof TOPIC_TABS)[number]["id"];

export const readTopicTab = (text: string | null): TopicTab => TOPIC_TABS.find(({ id }) => id === text)?.id ?? "partitions";
