import type { BrowsedMessage } from "../../api/hooks/topics";

const encoder = new TextEncoder();

/** A value's bytes, as they are in Kafka. */
export function bytesOf({ value, value_base64 }: Pick<BrowsedMessage, "value" | "value_base64">): Uint8Array {
  if (value_base64 === undefined) return encoder.encode(value ?? "");
  return Uint8Array.from(atob(value_base64), (character) => character.charCodeAt(0));
}
