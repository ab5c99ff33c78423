import { count } from "./format";

/** "1 message", "2 messages". */
export const plural = (n: number, what: string) => `${count(n)} ${what}${n === 1 ? "" : "s"}`;
