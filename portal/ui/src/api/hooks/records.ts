// Many records in one request, each with an outcome of its own (POST /records/{topic}).
import { base64 } from "../../lib/base64";
import { ApiError, type Problem, reach, readJson, toProblem } from "../http";
import { paths } from "../paths";
import type { components } from "../types/producer";
import type { Draft, Order, ProduceAnswer } from "./produce";

type Schemas = components["schemas"];
export type Outcome = Schemas["Outcome"];

const encoder = new TextEncoder();

/** A record as the producer reads it. Key and value travel as base64: any bytes arrive as they are. */
export function recordOf({ key, value, contentType, headers }: Draft): Schemas["Record"] {
  return {
    ...(key === null ? { key } : { key_base64: base64(encoder.encode(key)) }),
    value_base64: base64(value),
    headers: { ...Object.fromEntries(headers.map((header) => [header.name, header.value])), "content-type": contentType },
  };
}

/** lines: a record each, as JSON text. The outcomes come in their order; there are fewer when the request was cut short. */
export async function postRecords(topic: string, lines: readonly string[]): Promise<Outcome[]> {
  const response = await reach(paths.records(topic), {
    method: "POST",
    headers: { "Content-Type": "application/x-ndjson" },
    body: `${lines.join("\n")}\n`,
  });
  if (!response.ok) throw new ApiError(toProblem(response, await readJson(response)));
  const text = await response.text();
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Outcome);
}

/** One record, for what a plain produce call cannot carry: headers of any name and value. */
export async function produceRecord({ id, draft }: Order): Promise<ProduceAnswer> {
  const [outcome] = await postRecords(draft.topic, [JSON.stringify({ ...recordOf(draft), id })]);
  if (!outcome) throw new ApiError({ status: 502, title: "No outcome", detail: "The producer did not say what became of it." });
  if ("error" in outcome) throw new ApiError(outcome.error satisfies Problem);
  return outcome;
}
