// Times as the browser's field of a date and a time has them: in the user's zone, without naming it.

/** 1763776044000 → "2025-11-22T02:47:24". */
export function fieldTime(ms: number): string {
  const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

/** The other way round; undefined: it is no time. */
export function timeInField(text: string): number | undefined {
  const ms = new Date(text).getTime();
  return Number.isNaN(ms) ? undefined : ms;
}
