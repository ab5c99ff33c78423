import { useMemo } from "react";
import { bytes } from "../../lib/format";
import { checkJson } from "../../lib/jsonCheck";
import { sentence } from "../../lib/sentence";
import { cx } from "../../ui/cx";
import type { Format } from "./formats";
import { valueBytes } from "./readDraft";

interface Hint {
  tone: "text-ok" | "text-warn" | "";
  words: string;
}

/** What will be sent, as long as one types. */
export function ValueHint({ value, format }: { value: string; format: Format }) {
  const { tone, words } = useMemo(() => hintOf(value, format), [value, format]);
  return <span className={cx("figures", tone)}>{words}</span>;
}

function hintOf(value: string, format: Format): Hint {
  const read = valueBytes(format, value);
  if ("why" in read) return { tone: "text-warn", words: sentence(read.why) };
  const size = bytes(read.bytes.length);
  if (format === "hex") return { tone: "", words: `${size}, sent as they are.` };
  const json = checkJson(value, format === "json");
  if (json.kind === "valid") return { tone: "text-ok", words: `${size}. Valid JSON, ${json.what}.` };
  return { tone: "", words: `${size}, sent byte for byte as UTF-8.` };
}
