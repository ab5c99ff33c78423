import { useHealthReport } from "../api/hooks/health";
import { UNREACHABLE, problemOf } from "../api/http";
import { type Part, partsOf } from "./parts";

/** The parts as the portal sees them, asked every few seconds. asOfMs 0: it has not answered yet. */
export function useParts(): { parts: Part[]; asOfMs: number } {
  const { data, error, dataUpdatedAt } = useHealthReport();
  // A portal that refuses to tell is there; what it told before is no longer known to be so.
  return { parts: partsOf(error ? undefined : data, error !== null && problemOf(error).status === UNREACHABLE), asOfMs: dataUpdatedAt };
}
