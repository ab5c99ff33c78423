import { expect, test } from "vitest";
import { errorsOf } from "./formErrors";

const problem = (status: number, field?: string) => ({ status, title: "", detail: "it is wrong", ...(field && { field }) });

test.each([
  [problem(400, "topic"), "topic"],
  [problem(403, "topic"), "topic"],
  [problem(404), "topic"],
  [problem(400, "key_base64"), "key"],
  [problem(431), "key"],
  [problem(413, "value"), "value"],
  [problem(413), "value"],
  [problem(400, "Content-Type"), "contentType"],
  [problem(400, "Idempotency-Key"), "form"],
  [problem(503), "form"],
])("%j belongs to %s", (wrong, input) => {
  expect(Object.keys(errorsOf(wrong))).toEqual([input]);
});

test("a refusal says when to come back", () => {
  expect(errorsOf({ ...problem(503), retry_after_s: 2 }).form).toBe("It is wrong. Try again in 2 s.");
});
test("a doubt points to where it is followed up", () => {
  expect(errorsOf(problem(504)).form).toContain("IsDone shows");
});
