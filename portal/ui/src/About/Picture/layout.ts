// Where the parts stand and what goes between them, drawn twice: side by side, and one below the other for a narrow page.
import type { PartName } from "../../System/parts";

export type BoxName = PartName | "store";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Arrow {
  from: BoxName;
  to: BoxName;
  /** message: the way of a message; call: what is asked for over HTTP; look: reads of the cluster. */
  kind: "message" | "call" | "look";
  path: string;
}

export interface Layout {
  width: number;
  height: number;
  boxes: Record<BoxName, Box>;
  arrows: readonly Arrow[];
}

export const WIDE: Layout = {
  width: 840,
  height: 366,
  boxes: {
    portal: { x: 10, y: 10, width: 820, height: 66 },
    producer: { x: 10, y: 140, width: 170, height: 82 },
    kafka: { x: 230, y: 140, width: 170, height: 82 },
    consumer: { x: 450, y: 140, width: 170, height: 82 },
    store: { x: 670, y: 140, width: 160, height: 82 },
    steward: { x: 140, y: 274, width: 170, height: 82 },
    seer: { x: 330, y: 274, width: 170, height: 82 },
  },
  arrows: [
    { from: "portal", to: "producer", kind: "call", path: "M95 76V136" },
    { from: "portal", to: "consumer", kind: "call", path: "M535 76V136" },
    { from: "portal", to: "steward", kind: "call", path: "M205 76V270" },
    { from: "portal", to: "seer", kind: "call", path: "M425 76V270" },
    { from: "producer", to: "kafka", kind: "message", path: "M180 181H226" },
    { from: "kafka", to: "consumer", kind: "message", path: "M400 181H446" },
    { from: "consumer", to: "store", kind: "message", path: "M620 181H666" },
    { from: "steward", to: "kafka", kind: "look", path: "M275 274V226" },
    { from: "seer", to: "kafka", kind: "look", path: "M365 274V226" },
  ],
};

export const NARROW: Layout = {
  width: 350,
  height: 520,
  boxes: {
    portal: { x: 6, y: 6, width: 338, height: 66 },
    producer: { x: 26, y: 112, width: 142, height: 76 },
    kafka: { x: 26, y: 220, width: 142, height: 76 },
    consumer: { x: 26, y: 328, width: 142, height: 76 },
    store: { x: 26, y: 436, width: 142, height: 76 },
    steward: { x: 186, y: 166, width: 140, height: 76 },
    seer: { x: 186, y: 274, width: 140, height: 76 },
  },
  arrows: [
    { from: "portal", to: "producer", kind: "call", path: "M97 72V108" },
    { from: "portal", to: "consumer", kind: "call", path: "M14 72V366H22" },
    { from: "portal", to: "steward", kind: "call", path: "M257 72V162" },
    { from: "portal", to: "seer", kind: "call", path: "M338 72V312H330" },
    { from: "producer", to: "kafka", kind: "message", path: "M97 188V216" },
    { from: "kafka", to: "consumer", kind: "message", path: "M97 296V324" },
    { from: "consumer", to: "store", kind: "message", path: "M97 404V432" },
    { from: "steward", to: "kafka", kind: "look", path: "M186 231H172" },
    { from: "seer", to: "kafka", kind: "look", path: "M186 285H172" },
  ],
};
