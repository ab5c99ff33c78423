// Files on their way to the seer, one after the other: each is listed from the drop to its last passage.
import { useState } from "react";
import { usePutDocument } from "../../api/hooks/seer";
import { problemOf } from "../../api/http";
import { plural } from "../../lib/plural";
import { sentence } from "../../lib/sentence";

export interface Upload {
  source: string;
  size: number;
  state: "waits" | "is read" | "done" | "refused";
  note: string;
}

export interface Addition {
  source: string;
  body: Blob;
  type: string;
}

/** Browsers know no type for many texts; the seer then goes by the name's ending. */
const UNKNOWN = "application/octet-stream";

export const additionOf = (file: File): Addition => ({ source: file.name, body: file, type: file.type || UNKNOWN });

export function useUploads() {
  const put = usePutDocument();
  const [uploads, setUploads] = useState<Upload[]>([]);
  const [busy, setBusy] = useState(false);
  const change = (at: number, news: Partial<Upload>) => setUploads((all) => all.map((one, index) => (index === at ? { ...one, ...news } : one)));

  async function add(additions: readonly Addition[]) {
    setBusy(true);
    setUploads(additions.map(({ source, body }) => ({ source, size: body.size, state: "waits", note: "" })));
    for (const [at, addition] of additions.entries()) {
      change(at, { state: "is read" });
      try {
        // oxlint-disable-next-line no-await-in-loop -- one at a time: the seer writes one at a time
        const { passages } = await put.mutateAsync(addition);
        change(at, { state: "done", note: plural(passages, "passage") });
      } catch (error) {
        const { detail, title } = problemOf(error);
        change(at, { state: "refused", note: sentence(detail || title) });
      }
    }
    setBusy(false);
  }
  return { uploads, busy, add };
}
