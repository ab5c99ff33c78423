// The address's query as a part of a screen's state, so that links carry what one sees.
import { navigate, useSearch } from "wouter/use-browser-location";

/** undefined, "" and false take a member out. */
type UrlChange = Record<string, string | number | boolean | undefined>;

/**
 * The query, and a function that changes members of it. A change replaces the entry of the browser's history (one
 * types a filter letter by letter) unless it is a step one would go back from.
 */
export function useUrlState(): [URLSearchParams, (change: UrlChange, options?: { step?: boolean }) => void] {
  const params = new URLSearchParams(useSearch());
  return [params, changeUrl];
}

// Asked of the window, not of the last rendering: two changes may come between two renderings. The path is put back as
// it is, for a router's has lost which of its characters were escaped.
function changeUrl(change: UrlChange, { step = false } = {}) {
  const { pathname, search } = window.location;
  const query = changed(new URLSearchParams(search), change).toString();
  navigate(query ? `${pathname}?${query}` : pathname, { replace: !step });
}

function changed(params: URLSearchParams, change: UrlChange): URLSearchParams {
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined || value === "" || value === false) params.delete(name);
    else params.set(name, String(value));
  }
  return params;
}
