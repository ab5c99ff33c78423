// The questions one has asked lately, newest first.
import { stored } from "../../lib/stored";

const KEPT = 8;

export const askedStore = stored<string[]>("asked", (raw) => (Array.isArray(raw) ? raw.filter((one) => typeof one === "string").slice(0, KEPT) : []));

export function remember(question: string) {
  askedStore.set([question, ...askedStore.get().filter((one) => one !== question)].slice(0, KEPT));
}
