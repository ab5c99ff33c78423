// The ways to write a message's value, and the content types that go with each.

export type Format = "text" | "json" | "hex";

export const FORMATS: Record<Format, { label: string; contentTypes: readonly string[] }> = {
  text: { label: "Text", contentTypes: ["text/plain; charset=utf-8", "application/xml", "text/csv; charset=utf-8"] },
  json: { label: "JSON", contentTypes: ["application/json"] },
  hex: { label: "Hex", contentTypes: ["application/octet-stream", "application/x-protobuf", "application/avro"] },
};

export const FORMAT_NAMES = Object.keys(FORMATS) as Format[];
