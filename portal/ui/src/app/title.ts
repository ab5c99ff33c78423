// What the screen shows just now ("orders"), said in the window's title and in the heading before the screen's own.
import { useEffect, useSyncExternalStore } from "react";

let subject: string | undefined;
const listeners = new Set<() => void>();

function setSubject(next: string | undefined) {
  subject = next;
  for (const listener of listeners) listener();
}

/** For a screen that shows one thing out of many: its name, as long as it is shown. */
export function useSubject(name: string | undefined) {
  useEffect(() => {
    setSubject(name);
    return () => setSubject(undefined);
  }, [name]);
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** "orders – Topics". */
export function useScreenTitle(screenTitle: string): string {
  const shown = useSyncExternalStore(subscribe, () => subject);
  return shown === undefined ? screenTitle : `${shown} – ${screenTitle}`;
}
