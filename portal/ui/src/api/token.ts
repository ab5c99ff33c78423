// The token of a portal that asks for one (API_TOKEN_FILE): kept for this tab, or in this browser when that was asked for.
import { useSyncExternalStore } from "react";
import { listenForRefusals, setBearer } from "./bearer";

export interface TokenState {
  token: string | undefined;
  /** A call was refused for want of a token, or because of it. */
  wanted: boolean;
}

const KEY = "kafkloud.token";
const listeners = new Set<(state: TokenState) => void>();
let state: TokenState = { token: undefined, wanted: false };

function change(next: TokenState) {
  state = next;
  setBearer(next.token);
  for (const listener of listeners) listener(next);
}

/** A browser may forbid storage: then the token lives as long as the page. */
function inStorage<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

const read = () => inStorage(() => sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY)) ?? undefined;

function erase() {
  inStorage(() => sessionStorage.removeItem(KEY));
  inStorage(() => localStorage.removeItem(KEY));
}

/** Before the first call. */
export function beginWithToken() {
  change({ token: read(), wanted: false });
  listenForRefusals((refused) => {
    if (refused === state.token && !state.wanted) change({ ...state, wanted: true });
  });
  window.addEventListener("storage", ({ key }) => {
    // Another tab kept one, or forgot it.
    if ((key === KEY || key === null) && read() !== state.token) change({ token: read(), wanted: false });
  });
}

export function giveToken(token: string, { keep }: { keep: boolean }) {
  erase();
  inStorage(() => (keep ? localStorage : sessionStorage).setItem(KEY, token));
  change({ token, wanted: false });
}

/** The page begins anew: what it was told stays with the token. */
export function forgetToken() {
  erase();
  window.location.reload();
}

export function onToken(listener: (state: TokenState) => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export const tokenState = () => state;
export const useToken = () => useSyncExternalStore(onToken, tokenState);
