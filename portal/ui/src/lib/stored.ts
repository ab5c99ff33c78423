// A value that survives a reload, shared by the tabs of a browser.
import { useSyncExternalStore } from "react";

export interface Stored<T> {
  get(): T;
  set(next: T): void;
  subscribe(listener: () => void): () => void;
}

/** read turns what was stored (by any version of this page, or by hand) into a value, or throws it away. */
export function stored<T>(name: string, read: (raw: unknown) => T): Stored<T> {
  const key = `kafkloud.${name}`;
  const listeners = new Set<() => void>();
  let value = load();

  function load(): T {
    try {
      return read(JSON.parse(localStorage.getItem(key) ?? "null"));
    } catch {
      return read(null);
    }
  }
  function tell() {
    for (const listener of listeners) listener();
  }
  window.addEventListener("storage", (event) => {
    if (event.key !== key && event.key !== null) return;
    value = load();
    tell();
  });

  return {
    get: () => value,
    set(next) {
      value = next;
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // Storage is full or forbidden: the value lives as long as the page.
      }
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useStored<T>(store: Stored<T>): [T, (next: T) => void] {
  return [useSyncExternalStore(store.subscribe, store.get), store.set];
}
