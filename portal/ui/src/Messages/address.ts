// A message's address: /messages/UUID, or /messages/topic/partition/offset, as the id has it.

export const MESSAGES = "/messages";

/** The query's member that says how a value is shown. */
export const VIEW = "view";

export const messageLink = (id: string, search = "") => `${MESSAGES}/${id}${search && `?${search}`}`;

/** undefined: the list's own address. What is no id is given back as it is, to be said to be none. */
export function idInPath(path: string): string | undefined {
  const rest = path.slice(MESSAGES.length + 1).replace(/\/$/, "");
  return rest === "" ? undefined : rest;
}
