// Says whether a text is JSON. It only looks: what is sent are the bytes as they were typed.

export type JsonCheck = { kind: "not-json" } | { kind: "valid"; what: string } | { kind: "broken"; why: string };

export function checkJson(text: string, expected: boolean): JsonCheck {
  const trimmed = text.trim();
  if (trimmed === "" || !(expected || /^[[{]/.test(trimmed))) return { kind: "not-json" };
  try {
    return { kind: "valid", what: describe(JSON.parse(text)) };
  } catch (error) {
    return { kind: "broken", why: locate(error instanceof Error ? error.message : String(error), text) };
  }
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return plural(value.length, "element");
  if (typeof value === "object" && value !== null) return plural(Object.keys(value).length, "member");
  return value === null ? "null" : `a ${typeof value}`;
}

const plural = (n: number, what: string) => `${n} ${what}${n === 1 ? "" : "s"}`;

/** Browsers say where in different words; a person looks for line and column. */
function locate(message: string, text: string): string {
  const what = message
    .replace(/^JSON\.parse: /, "")
    .replace(/,? ?(\.\.\.)?"[^]*" is not valid JSON$/, "")
    .replace(/ (in JSON )?at position \d+.*$/, "")
    .replace(/ at line \d+ column \d+.*$/, "");
  const position = /position (\d+)/.exec(message)?.[1];
  const lineColumn = /line (\d+) column (\d+)/.exec(message);
  if (lineColumn) return `${what}, line ${lineColumn[1]}, column ${lineColumn[2]}`;
  if (position === undefined) return what;
  const before = text.slice(0, Number(position)).split("\n");
  return `${what}, line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
