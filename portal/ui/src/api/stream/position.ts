// A stream's place in its topics, as docs/topics.md writes it: "orders:1042,77,3;payments:5" is, for each topic, the
// next offset of each partition from 0 up.

export type Position = ReadonlyMap<string, readonly number[]>;

export function parsePosition(text: string): Map<string, number[]> {
  const position = new Map<string, number[]>();
  for (const part of text.split(";")) {
    const [topic = "", offsets = ""] = part.split(":");
    if (topic) position.set(topic, offsets === "" ? [] : offsets.split(",").map(Number));
  }
  return position;
}

/** Topics ascend by name. */
export const formatPosition = (position: Position) =>
  [...position]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([topic, offsets]) => `${topic}:${offsets.join(",")}`)
    .join(";");

/** Where two readers of a topic both miss nothing. A partition that one does not know begins at 0. */
export const earlier = (a: readonly number[], b: readonly number[]) =>
  Array.from({ length: Math.min(a.length, b.length) }, (_, partition) => Math.min(a[partition] ?? 0, b[partition] ?? 0));

/** As far as either of two readers of a topic has come. */
export const later = (a: readonly number[], b: readonly number[]) =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, partition) => Math.max(a[partition] ?? 0, b[partition] ?? 0));

/** How many messages lie from one place to a later one. A partition that one does not know begins at 0. */
export const distance = (from: Position, to: Position) =>
  [...to].reduce((sum, [topic, ends]) => sum + ends.reduce((more, end, partition) => more + Math.max(0, end - (from.get(topic)?.[partition] ?? 0)), 0), 0);
