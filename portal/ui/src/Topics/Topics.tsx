import { usePathname } from "wouter/use-browser-location";
import { nameInPath } from "../Cluster/links";
import { Topic } from "./Topic";
import { TopicList } from "./TopicList";

/** /topics: all of them. /topics/NAME: one. */
export function Topics() {
  const topic = nameInPath(usePathname());
  return topic === undefined ? <TopicList /> : <Topic key={topic} name={topic} />;
}
