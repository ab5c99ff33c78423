import { expect, test } from "vitest";
import { type ResetForm, readResetForm } from "./resetForm";

const form = (news: Partial<ResetForm> = {}): ResetForm => ({
  topic: undefined,
  partition: undefined,
  target: "earliest",
  time: "2025-11-22T02:47:24",
  shift: "-10",
  offset: "0",
  ...news,
});

test.each<[Partial<ResetForm>, unknown]>([
  [{}, { to: "earliest" }],
  [{ topic: "orders", target: "latest" }, { topics: ["orders"], to: "latest" }],
  [{ topic: "orders", partition: 3, target: "offset", offset: "42" }, { topics: ["orders"], partitions: [3], to: { offset: 42 } }],
  [{ target: "shift" }, { to: { shift: -10 } }],
  [{ target: "time" }, { to: { time_ms: new Date("2025-11-22T02:47:24").getTime() } }],
])("%j asks for %j", (news, reset) => {
  expect(readResetForm(form(news))).toEqual({ reset });
});
test.each<[string, Partial<ResetForm>]>([
  ["no time", { target: "time", time: "" }],
  ["a shift by nothing", { target: "shift", shift: "0" }],
  ["half an offset", { target: "offset", offset: "1.5" }],
  ["an offset before the first", { target: "offset", offset: "-1" }],
])("%s is no reset", (_, news) => {
  const { reset, error } = readResetForm(form(news));
  expect(reset).toBeUndefined();
  expect(error).toBeTruthy();
});
