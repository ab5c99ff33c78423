// Numbers as a person reads them. Everything that changes while one looks has a fixed number of digits.

const two = (n: number) => String(n).padStart(2, "0");
const three = (n: number) => String(n).padStart(3, "0");

/** 1763776044000123 → "02:47:24.000123" in the user's zone. */
export function clockTime(us: number): string {
  return `${secondsOfDay(us)}.${String(modulo(us, 1_000_000)).padStart(6, "0")}`;
}

/** "02:47:24.000": milliseconds, for lists. */
export function clockTimeMs(ms: number): string {
  return `${secondsOfDay(ms * 1_000)}.${three(modulo(ms, 1_000))}`;
}

function secondsOfDay(us: number): string {
  const date = new Date(us / 1_000);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

const modulo = (n: number, m: number) => ((n % m) + m) % m;

/** The exact instant, for a title: "2025-11-22T01:47:24.000123Z". */
export function exactTime(us: number): string {
  const iso = new Date(Math.floor(us / 1_000)).toISOString();
  return `${iso.slice(0, -1)}${three(modulo(us, 1_000))}Z`;
}

/** The same of a time that was only taken to the millisecond. */
export const exactTimeMs = (ms: number) => new Date(ms).toISOString();

const dayFormat = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });

/** The clock for today, the day before that. */
export function shortTime(ms: number, nowMs: number): string {
  const sameDay = new Date(ms).toDateString() === new Date(nowMs).toDateString();
  return sameDay ? secondsOfDay(ms * 1_000) : dayFormat.format(ms);
}

const MINUS = "\u2212";

/** 512 → "512 µs", 1277 → "1.277 ms", 2345678 → "2.346 s". Negative ones keep their sign: they are real. */
export function duration(us: number): string {
  const sign = us < 0 ? MINUS : "";
  const size = Math.abs(us);
  if (size < 1_000) return `${sign}${size} µs`;
  if (size < 1_000_000) return `${sign}${(size / 1_000).toFixed(3)} ms`;
  return `${sign}${(size / 1_000_000).toFixed(3)} s`;
}

/** Of percentiles: three digits are enough. */
export function roughDuration(us: number): string {
  if (us < 1_000) return `${Math.round(us)} µs`;
  if (us < 1_000_000) return `${digits(us / 1_000)} ms`;
  return `${digits(us / 1_000_000)} s`;
}

const digits = (n: number) => n.toFixed(n < 10 ? 2 : n < 100 ? 1 : 0);

/** How long somebody has waited: "0.4 s", "12 s", "3 min", "2 h", "5 d". */
export function elapsed(ms: number): string {
  const s = Math.max(0, ms) / 1_000;
  if (s < 10) return `${s.toFixed(1)} s`;
  if (s < 60) return `${Math.floor(s)} s`;
  if (s < 3_600) return `${Math.floor(s / 60)} min`;
  if (s < 86_400) return `${Math.floor(s / 3_600)} h`;
  return `${Math.floor(s / 86_400)} d`;
}

const integer = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });

export const count = (n: number) => integer.format(n);
export const shortCount = (n: number) => compact.format(n);

export const rate = (perSecond: number) => (perSecond > 0 && perSecond < 10 ? perSecond.toFixed(1) : count(perSecond));

/** 1234 → "1.2 kB". */
export function bytes(n: number): string {
  if (n < 1_000) return `${n} B`;
  if (n < 1_000_000) return `${(n / 1_000).toFixed(1)} kB`;
  return `${(n / 1_000_000).toFixed(1)} MB`;
}

const encoder = new TextEncoder();

export const utf8Length = (text: string) => encoder.encode(text).length;
