// The keys that work on every screen. Letters count only where nobody types, and can be switched off as a whole: who
// dictates or steers by voice would set them off by accident.
import { useEffect, useRef } from "react";
import { useLocation } from "wouter";
import { stored } from "../lib/stored";
import { screens } from "./screens";

/** Whether "?" and "g r" work; Ctrl-K always does. */
export const lettersStore = stored("shortcuts", (raw) => raw !== false);

/** "g" and the screen's letter count as one shortcut when the second comes within this. */
const SECOND_KEY_MS = 1_500;

interface Overlays {
  onPalette(): void;
  onHelp(): void;
}

export function useShortcuts({ onPalette, onHelp }: Overlays) {
  const [, navigate] = useLocation();
  const goPressedAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
        event.preventDefault(); // in some browsers it is the search bar's
        onPalette();
        return;
      }
      if (!lettersStore.get() || event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target)) return;
      const going = event.timeStamp - goPressedAt.current < SECOND_KEY_MS;
      goPressedAt.current = event.key === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
      const screen = going ? screens.find(({ shortcut }) => shortcut === event.key) : undefined;
      if (screen) navigate(screen.path);
      else if (event.key === "?") onHelp();
    }
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [navigate, onPalette, onHelp]);
}

/** Somebody types there, or a window over the page has the keyboard. */
function isBusy(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return target.closest("input, textarea, select, dialog, [contenteditable]") !== null;
}
