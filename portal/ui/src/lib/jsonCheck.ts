// Says whether a text is JSON. It only looks: what is sent are the bytes as they were typed.
import { placeIn } from "./hexBytes";
import { jsonFault } from "./jsonFault";
import { plural } from "./plural";

export type JsonCheck = { kind: "not-json" } | { kind: "valid"; what: string } | { kind: "broken"; why: string };

/** expected: it has to be JSON; otherwise only what looks like it is looked at. */
export function checkJson(text: string, expected: boolean): JsonCheck {
  if (!expected && !/^\s*[[{]/.test(text)) return { kind: "not-json" };
  const fault = jsonFault(text);
  if (fault !== undefined) return { kind: "broken", why: whyAt(text, fault) };
  return { kind: "valid", what: describe(JSON.parse(text)) };
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return plural(value.length, "element");
  if (typeof value === "object" && value !== null) return plural(Object.keys(value).length, "member");
  return value === null ? "null" : `a ${typeof value}`;
}

function whyAt(text: string, fault: number): string {
  if (text.trim() === "") return "it is empty";
  if (fault === text.length) return `its end is missing, ${placeIn(text, fault)}`;
  return `${JSON.stringify(String.fromCodePoint(text.codePointAt(fault) ?? 0))} cannot stand there, ${placeIn(text, fault)}`;
}
