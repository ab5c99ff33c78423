import { saveFile } from "../../lib/saveFile";
import type { Row } from "./rowBuffer";

/** The messages as they came, oldest first, one a line. Of a value that was cut, the line says so. */
export const ndjsonOf = (rows: readonly Row[]) =>
  rows.flatMap((row) => (row.kind === "message" ? `${JSON.stringify(row.cut > 0 ? { ...row.message, cut: row.cut } : row.message)}\n` : [])).join("");

export const download = (rows: readonly Row[], name: string) => saveFile(new Blob([ndjsonOf(rows)], { type: "application/x-ndjson" }), name);
