import { expect, test } from "vitest";
import { type TopicForm, errorsOfProblem, readTopicForm } from "./topicDraft";

const form = (news: Partial<TopicForm> = {}): TopicForm => ({
  name: "orders",
  partitions: "6",
  replication: "1",
  cleanup: "",
  retention: "",
  more: "",
  ...news,
});
const cluster = { brokers: 1, names: ["payments"] };

test("what is left empty is left to the broker", () => {
  expect(readTopicForm(form(), cluster)).toEqual({
    errors: {},
    draft: { name: "orders", partitions: 6, replication: 1, settings: {} },
  });
});
test("settings are sent as Kafka names them", () => {
  const { draft } = readTopicForm(form({ cleanup: "compact", retention: "7 d", more: "max.message.bytes = 1000\n\n" }), cluster);
  expect(draft?.settings).toEqual({ "cleanup.policy": "compact", "retention.ms": "604800000", "max.message.bytes": "1000" });
});
test.each<[string, Partial<TopicForm>, keyof TopicForm]>([
  ["no name", { name: "" }, "name"],
  ["a name that is taken", { name: "payments" }, "name"],
  ["no partitions", { partitions: "0" }, "partitions"],
  ["half a partition", { partitions: "1.5" }, "partitions"],
  ["more copies than brokers", { replication: "3" }, "replication"],
  ["a span without a unit", { retention: "7" }, "retention"],
  ["a line without a value", { more: "a=1\nnonsense" }, "more"],
])("%s is said at its field, and there is no topic to make", (_, news, field) => {
  const { draft, errors } = readTopicForm(form(news), cluster);
  expect(Object.keys(errors)).toEqual([field]);
  expect(draft).toBeUndefined();
});
test("a complaint of the steward stands at the field it names", () => {
  const problem = { status: 400, title: "Invalid", detail: "unknown setting x.y", field: "settings.x.y" };
  expect(errorsOfProblem(problem)).toEqual({ more: "Unknown setting x.y." });
  expect(errorsOfProblem({ status: 409, title: "Conflict", detail: "it exists" })).toEqual({ name: "It exists." });
  expect(errorsOfProblem({ status: 500, title: "Broken", detail: "" })).toEqual({ form: "Broken." });
});
