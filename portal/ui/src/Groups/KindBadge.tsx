import type { GroupDetails } from "../api/hooks/groups";
import { Badge } from "../ui/Badge";

const NEWER = "A group of the newer protocol (KIP-848).";

/** Said of such a group where the steward's client is too old for it. */
export const UNKNOWN_MEMBERS = "The steward's Kafka client cannot describe groups of this protocol (KIP-848): their state and offsets are true, their members are not known.";

/** Nothing for the usual kind. */
export function KindBadge({ kind }: { kind: GroupDetails["kind"] }) {
  if (kind === "classic") return null;
  return <Badge title={kind === "consumer" ? NEWER : UNKNOWN_MEMBERS}>{kind}</Badge>;
}
