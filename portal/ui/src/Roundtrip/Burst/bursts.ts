// One's own bursts, kept by this browser with what was measured: the last ten, newest first.
import { stored } from "../../lib/stored";
import type { BurstPlan } from "./burst";
import type { Report } from "./useBurst";

export interface KeptBurst extends Pick<BurstPlan, "id" | "topic" | "count"> {
  rate?: number | undefined;
  beganMs: number;
  /** As far as it was looked at. */
  report?: Report;
}

export const BURSTS_MAX = 10;

export const burstsStore = stored<readonly KeptBurst[]>("bursts", (raw) => (Array.isArray(raw) ? raw.filter(isBurst) : []));

function isBurst(raw: unknown): raw is KeptBurst {
  if (typeof raw !== "object" || raw === null) return false;
  const { id, topic, count, beganMs, report } = raw as Partial<KeptBurst>;
  const sound = typeof id === "string" && typeof topic === "string" && typeof count === "number" && typeof beganMs === "number";
  return sound && (report === undefined || (Array.isArray(report.acked?.spread) && Array.isArray(report.read?.spread)));
}

export function rememberBurst({ id, topic, count, rate }: BurstPlan, beganMs: number) {
  const others = burstsStore.get().filter((burst) => burst.id !== id);
  burstsStore.set([{ id, topic, count, rate, beganMs }, ...others].slice(0, BURSTS_MAX));
}

export function learnBurst(id: string, report: Report) {
  const before = burstsStore.get();
  if (before.some((burst) => burst.id === id)) burstsStore.set(before.map((burst) => (burst.id === id ? { ...burst, report } : burst)));
}
