import { Badge } from "../ui/Badge";
import type { PartState } from "./parts";
import { STATES } from "./states";

export const StateBadge = ({ state }: { state: PartState }) => <Badge tone={STATES[state].tone}>{STATES[state].words}</Badge>;
