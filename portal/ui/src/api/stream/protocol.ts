// What a tab and the hub that holds the browser's one stream say to each other.
import type { components } from "../types/consumer";

type Schemas = components["schemas"];
export type Envelope = Schemas["Envelope"];
/** The stream's queue for this client overflowed. */
export type Lagged = Schemas["Lagged"];
/** Retention removed what was asked for. */
export type Gap = Schemas["Gap"];

export type StreamEvent =
  | { kind: "message"; message: Envelope }
  | { kind: "lagged"; lagged: Lagged }
  | { kind: "gap"; gap: Gap };

export type StreamState =
  | { kind: "off" }
  | { kind: "connecting" }
  /** Reads from far in the past, alone, until it has caught up. */
  | { kind: "behind" }
  /** why: some of the topics cannot be followed. */
  | { kind: "live"; why?: string }
  | { kind: "reconnecting"; why?: string };

export type FromTab =
  /** Follow these topics and no others. from (latest, earliest or a time in ms) is where the new ones begin. */
  | { kind: "follow"; subscription: number; topics: readonly string[]; from: string }
  | { kind: "end"; subscription: number }
  /** The bearer token that this tab has. */
  | { kind: "token"; token: string | undefined }
  /** All of them; the tab is closed or put aside. */
  | { kind: "gone" }
  /** This lock is held as long as the tab lives. */
  | { kind: "lock"; name: string };

export type ToTab = { subscription: number } & ({ kind: "events"; events: StreamEvent[] } | { kind: "state"; state: StreamState });
