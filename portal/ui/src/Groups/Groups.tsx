import { usePathname } from "wouter/use-browser-location";
import { nameInPath } from "../Cluster/links";
import { Group } from "./Group";
import { GroupList } from "./GroupList";

/** /groups: all of them. /groups/NAME: one. */
export function Groups() {
  const group = nameInPath(usePathname());
  return group === undefined ? <GroupList /> : <Group key={group} name={group} />;
}
