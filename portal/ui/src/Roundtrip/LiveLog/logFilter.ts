// What one types to see only some messages. Words are looked for in topic, key, value and headers; key=TEXT is the whole
// key, value=TEXT the whole value, value.order.id=42 a member of a value that is JSON. All that is typed has to hold.
import type { Envelope } from "../../api/hooks/consume";

export type LogFilter = (message: Envelope) => boolean;

/** undefined: nothing is filtered. */
export function logFilterOf(text: string): LogFilter | undefined {
  const terms = text.trim().split(/\s+/).filter(Boolean).map(termOf);
  return terms.length === 0 ? undefined : (message) => terms.every((term) => term(message));
}

function termOf(word: string): LogFilter {
  const named = /^(key|value)((?:\.[^.=]+)*)=(.*)$/s.exec(word);
  if (!named) return contains(word.toLowerCase());
  const [, what, path = "", wanted = ""] = named;
  if (what === "key") return path === "" ? ({ key }) => key === wanted : () => false;
  if (path === "") return ({ value }) => value === wanted;
  return memberIs(path.slice(1).split("."), wanted);
}

function contains(wanted: string): LogFilter {
  const has = (text: string | null | undefined) => text?.toLowerCase().includes(wanted) ?? false;
  return ({ topic, key, value, headers }) =>
    has(value) || has(key) || has(topic) || headers.some((header) => has(header.name) || has(header.value));
}

function memberIs(path: readonly string[], wanted: string): LogFilter {
  return ({ value }) => {
    const member = memberOf(value, path);
    return member !== undefined && textOf(member) === wanted;
  };
}

const textOf = (member: unknown) => (typeof member === "string" ? member : JSON.stringify(member));

/** undefined: there is none. An element of an array goes by its number. */
function memberOf(json: string | null | undefined, path: readonly string[]): unknown {
  try {
    return path.reduce<unknown>((within, name) => {
      const isThere = typeof within === "object" && within !== null && Object.hasOwn(within, name);
      return isThere ? (within as Record<string, unknown>)[name] : undefined;
    }, JSON.parse(json ?? ""));
  } catch {
    return undefined;
  }
}
