import { useCluster } from "../api/hooks/cluster";
import { Badge } from "../ui/Badge";

/** Says why nothing can be changed here. */
export function ReadOnlyMark() {
  const { data } = useCluster();
  if (!data?.read_only) return null;
  return <Badge title="The steward runs with READ_ONLY=true and refuses every change.">read-only</Badge>;
}
