import { useSearchParams } from "wouter";

/** A member of the address's query, so that links carry what one sees; undefined or "" takes it out. */
type UrlChange = Record<string, string | number | boolean | undefined>;

/**
 * The query as a person left it, and a function that changes members of it. A change replaces the entry of the
 * browser's history (one types a filter letter by letter) unless it is a step one would go back from.
 */
export function useUrlState(): [URLSearchParams, (change: UrlChange, options?: { step?: boolean }) => void] {
  const [params, setParams] = useSearchParams();
  function change(news: UrlChange, { step = false } = {}) {
    setParams((before) => changed(before, news), { replace: !step });
  }
  return [params, change];
}

function changed(before: URLSearchParams, news: UrlChange): URLSearchParams {
  const after = new URLSearchParams(before);
  for (const [name, value] of Object.entries(news)) {
    if (value === undefined || value === "" || value === false) after.delete(name);
    else after.set(name, String(value));
  }
  return after;
}
