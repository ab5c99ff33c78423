import { expect, test } from "vitest";
import { sseReader } from "./sse";

test("events have a name, data of several lines, and an id", () => {
  expect(sseReader()("event: streamer\ndata: a\ndata:b\nid: orders:1\n\ndata: plain\n\n")).toEqual({
    events: [
      { name: "streamer", data: "a\nb" },
      { name: "message", data: "plain" },
    ],
    firstId: "orders:1",
    id: "orders:1",
  });
});
test("an id without data is no event, but it is a position", () => {
  expect(sseReader()("retry: 3000\n\nid: orders:0,6\n\n")).toEqual({ events: [], firstId: "orders:0,6", id: "orders:0,6", retry: 3000 });
});
test("a comment says why, a heartbeat says nothing", () => {
  expect(sseReader()(": too many streams\n\n").comment).toBe("too many streams");
  expect(sseReader()(":\n\n").comment).toBeUndefined();
});
test("however a stream is cut, the same events come of it", () => {
  const text = "id: a:1\nevent: x\ndata: one\n\n: \n\nid: a:2\ndata: two\n\n";
  for (let at = 1; at < text.length; at++) {
    const read = sseReader();
    const pieces = [read(text.slice(0, at)), read(text.slice(at))];
    expect(pieces.flatMap(({ events }) => events.map(({ data }) => data))).toEqual(["one", "two"]);
    expect(pieces.map(({ id }) => id).findLast(Boolean)).toBe("a:2");
  }
});
