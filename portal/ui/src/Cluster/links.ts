// Where a topic and a group are shown: each has an address below its list's.
export const topicLink = (topic: string) => `/topics/${encodeURIComponent(topic)}`;
export const groupLink = (group: string) => `/groups/${encodeURIComponent(group)}`;

/** The name in the second segment of an address's path as the window has it; undefined: the address is the list's own. */
export function nameInPath(path: string): string | undefined {
  const raw = path.split("/")[2];
  if (!raw) return undefined;
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw; // typed by hand, with a stray "%"
  }
}

const queries = new Map<string, string>();

/** For the way back: a list is found as it was left, filtered and in its order. */
export function rememberList(path: string, query: string) {
  queries.set(path, query);
}

export function listLink(path: string): string {
  const query = queries.get(path);
  return query ? `${path}?${query}` : path;
}
