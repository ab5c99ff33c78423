// The order in which a topic's settings are looked at, and what their values mean.
import type { Setting } from "../../api/hooks/cluster";
import { bytes } from "../../lib/format";
import { timeSpan } from "../../lib/timeSpan";
import { wholeNumber } from "../../lib/wholeNumber";

/** Whose word a value is. */
export const SOURCES: Record<Setting["source"], string> = {
  dynamic: "this topic",
  dynamic_broker: "the broker, while it runs",
  dynamic_cluster: "the cluster, while it runs",
  static: "the broker's file",
  default: "default",
  unknown: "unknown with this client",
};

/** The topic's own may be taken back to what the broker has. */
export const isOwn = ({ source }: Pick<Setting, "source">) => source === "dynamic";

/** What was set for this topic first, then what else differs from the default, then the rest; each by name. */
export const inOrder = (settings: readonly Setting[], filter: string): Setting[] =>
  settings
    .filter(({ name }) => name.includes(filter.trim().toLowerCase()))
    .toSorted((a, b) => Number(isOwn(b)) - Number(isOwn(a)) || Number(a.default) - Number(b.default) || a.name.localeCompare(b.name));

export interface SettingChange {
  name: string;
  from: Setting | undefined;
  to: Setting;
}

/** What differs between the settings as they are and as they would be: a value, or whose word it is. */
export const changesBetween = (now: readonly Setting[], then: readonly Setting[]): SettingChange[] =>
  then
    .map((to) => ({ name: to.name, from: now.find(({ name }) => name === to.name), to }))
    .filter(({ from, to }) => from?.value !== to.value || from.source !== to.source);

/** Kafka's largest number stands for "no limit". */
const NO_LIMIT = "9223372036854775807";

/** "604800000" of retention.ms → "7 d"; undefined: the value says enough by itself. */
export function meaning({ name, value }: Pick<Setting, "name" | "value">): string | undefined {
  if (value === NO_LIMIT) return "no limit";
  const n = value === null ? undefined : wholeNumber(value);
  if (n === undefined) return undefined;
  if (name.endsWith(".ms")) return n >= 0 || name === "retention.ms" ? timeSpan(n) : undefined;
  if (name.endsWith(".bytes") && n >= 1_000) return bytes(n);
  if (name.endsWith(".bytes") && n === -1) return "no limit";
  return undefined;
}
