import { useHealthReport } from "../api/hooks/health";
import { type Part, partsOf } from "./parts";

/** The parts as the portal sees them, asked every few seconds. asOfMs 0: it has not answered yet. */
export function useParts(): { parts: Part[]; asOfMs: number } {
  const { data, error, dataUpdatedAt } = useHealthReport();
  return { parts: partsOf(data, error !== null), asOfMs: dataUpdatedAt };
}
