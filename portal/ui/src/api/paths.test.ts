import { expect, test } from "vitest";
import { paths } from "./paths";

test.each([
  [null, "/api/producer/produce/orders"],
  ["", "/api/producer/produce/orders/"],
  ["a/b c?", "/api/producer/produce/orders/a%2Fb%20c%3F"],
  ["Grüße", "/api/producer/produce/orders/Gr%C3%BC%C3%9Fe"],
  [".", "/api/producer/produce/orders?key_base64=Lg%3D%3D"],
  ["..", "/api/producer/produce/orders?key_base64=Li4%3D"],
])("the key %j goes to %s", (key, path) => {
  expect(paths.produce("orders", key)).toBe(path);
  expect(new URL(path, "http://portal").pathname + new URL(path, "http://portal").search).toBe(path);
});

test("a receipt is asked for by id, or by place", () => {
  expect(paths.receipt("0199b6a2", { timeoutMs: 5000 })).toBe("/api/consumer/status/0199b6a2?wait=consumed&timeout_ms=5000");
  expect(paths.receipt("orders/3/42")).toBe("/api/consumer/status/orders/3/42");
});

test("a stream begins somewhere, or goes on where its request says", () => {
  expect(paths.consume(["a", "b"], "latest")).toBe("/api/consumer/consume?topics=a%2Cb&format=envelope&from=latest");
  expect(paths.consume(["a"])).toBe("/api/consumer/consume?topics=a&format=envelope");
});

test("names of topics and groups are one segment of the path each", () => {
  expect(paths.group("a/b c")).toBe("/api/steward/groups/a%2Fb%20c");
  expect(paths.groupTopic("g", "orders", { dryRun: true })).toBe("/api/steward/groups/g/topics/orders?dry_run=true");
  expect(paths.topicMessages("orders", { partition: undefined, from: "time:5", limit: 50 })).toBe(
    "/api/steward/topics/orders/messages?from=time%3A5&limit=50",
  );
});

test("a blank and a plus in a query stay what they are", () => {
  expect(paths.receipts({ key: "a b+c" })).toBe("/api/consumer/receipts?key=a%20b%2Bc");
});
