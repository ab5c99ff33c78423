// How long something is kept, as a person writes it and as Kafka wants it.

const UNITS = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const FOREVER_MS = -1;

/** "7 d" → 604800000, "forever" → -1; undefined: neither. */
export function parseTimeSpan(text: string): number | undefined {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === "forever") return FOREVER_MS;
  const parts = /^(\d+)\s*(ms|s|min|h|d)$/.exec(trimmed);
  if (!parts) return undefined;
  const ms = Number(parts[1]) * UNITS[parts[2] as keyof typeof UNITS];
  return Number.isSafeInteger(ms) ? ms : undefined;
}

/** The same the other way round, in the largest unit without a rest. */
export function timeSpan(ms: number): string {
  if (ms === FOREVER_MS) return "forever";
  const unit = (["d", "h", "min", "s"] as const).find((name) => ms !== 0 && ms % UNITS[name] === 0) ?? "ms";
  return `${ms / UNITS[unit]} ${unit}`;
}
