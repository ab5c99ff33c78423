import { useLocation } from "wouter";
import { nameInPath } from "../Cluster/links";
import { Topic } from "./Topic";
import { TopicList } from "./TopicList";

/** /topics: all of them. /topics/NAME: one. */
export function Topics() {
  const [path] = useLocation();
  const topic = nameInPath(path);
  return topic === undefined ? <TopicList /> : <Topic key={topic} name={topic} />;
}
