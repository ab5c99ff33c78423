import { beforeEach, expect, test, vi } from "vitest";
import type { Envelope } from "../../api/hooks/consume";
import { ndjsonOf } from "./download";
import { ROWS_MAX, RowBuffer } from "./rowBuffer";

let frames: FrameRequestCallback[];
beforeEach(() => {
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (frame: FrameRequestCallback) => frames.push(frame));
});
const nextFrame = () => {
  for (const frame of frames.splice(0)) frame(0);
};

const message = (offset: number, value: string | null = `value ${offset}`): Envelope => ({
  id: `orders/0/${offset}`,
  topic: "orders",
  partition: 0,
  offset,
  timestamp_ms: 1_763_776_044_000,
  key: null,
  value,
  headers: [],
});

test("any number of messages make one redraw a frame", () => {
  const buffer = new RowBuffer();
  const redraw = vi.fn<() => void>();
  buffer.subscribe(redraw);
  for (let offset = 0; offset < 100; offset++) buffer.add({ kind: "message", message: message(offset) });
  expect(frames).toHaveLength(1);
  expect(buffer.snapshot().rows).toHaveLength(0);
  nextFrame();
  expect(redraw).toHaveBeenCalledTimes(1);
  expect(buffer.snapshot().rows).toHaveLength(100);
});

test("the newest rows are kept, all messages are counted", () => {
  const buffer = new RowBuffer();
  for (let offset = 0; offset < 5_000; offset++) buffer.add({ kind: "message", message: message(offset) });
  nextFrame();
  const { rows, received } = buffer.snapshot();
  expect(received).toBe(5_000);
  expect(rows).toHaveLength(ROWS_MAX);
  expect(rows.at(-1)).toMatchObject({ kind: "message", message: { offset: 4_999 } });
});

test("a filter keeps what it lets through, of what is there and of what comes, and all is counted", () => {
  const buffer = new RowBuffer();
  for (let offset = 0; offset < 10; offset++) buffer.add({ kind: "message", message: message(offset) });
  buffer.setFilter((row) => row.offset % 5 === 0);
  for (let offset = 10; offset < 1_010; offset++) buffer.add({ kind: "message", message: message(offset) });
  nextFrame();
  const { rows, received, matched } = buffer.snapshot();
  expect([rows.length, received, matched]).toEqual([202, 1_010, 202]);
});

test("what is downloaded is a message a line, oldest first, and a cut value says so", () => {
  const buffer = new RowBuffer();
  buffer.note("Following orders");
  buffer.add({ kind: "message", message: message(1, "a\nb") });
  buffer.add({ kind: "message", message: message(2, "x".repeat(65_540)) });
  nextFrame();
  const lines = ndjsonOf(buffer.snapshot().rows).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ offset: 1, value: "a\nb" }, { offset: 2, cut: 4 }]);
});

test("what was skipped and what is gone stand in their place as notes", () => {
  const buffer = new RowBuffer();
  buffer.add({ kind: "lagged", lagged: { topic: "orders", skipped: 2, partitions: [{ partition: 1, from: 7, to: 9 }] } });
  buffer.add({ kind: "gap", gap: { topic: "orders", partition: 1, from: 0, to: 6 } });
  nextFrame();
  const texts = buffer.snapshot().rows.map((row) => (row.kind === "note" ? row.text : ""));
  expect(texts[0]).toContain("2 messages of orders");
  expect(texts[1]).toContain("orders/1: offsets 0 to 6");
});

test("a huge value is cut, and the row says by how much", () => {
  const buffer = new RowBuffer();
  buffer.add({ kind: "message", message: message(0, "x".repeat(100_000)) });
  nextFrame();
  const [row] = buffer.snapshot().rows;
  expect(row).toMatchObject({ kind: "message", cut: 100_000 - 65_536 });
});

test("a preview is one line", () => {
  const buffer = new RowBuffer();
  buffer.add({ kind: "message", message: message(0, '{\n  "a": 1\n}\n') });
  nextFrame();
  expect(buffer.snapshot().rows[0]).toMatchObject({ preview: '{ "a": 1 }' });
});
