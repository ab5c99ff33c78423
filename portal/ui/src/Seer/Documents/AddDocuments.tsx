import { type DragEvent, useRef, useState } from "react";
import { bytes } from "../../lib/format";
import { Badge, type Tone } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { cx } from "../../ui/cx";
import { PasteDialog } from "./PasteDialog";
import { type Upload, additionOf, useUploads } from "./uploads";

const TAKEN = ".txt,.md,.markdown,.html,.htm,.json,.ndjson,.jsonl,.csv,.log,text/*,application/json";

/** Files dropped or chosen, or a text pasted. */
export function AddDocuments() {
  const { uploads, busy, add } = useUploads();
  const [over, setOver] = useState(false);
  const [pasting, setPasting] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  function take(files: FileList | null) {
    if (files && files.length > 0) void add(Array.from(files, additionOf));
  }
  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    if (!busy) take(event.dataTransfer.files);
  }

  return (
    <section aria-label="Add documents">
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={cx("flex flex-wrap items-center gap-3 rounded-xl border border-dashed p-4", over ? "border-accent bg-accent-wash" : "border-edge")}
      >
        <input
          ref={input}
          type="file"
          multiple
          accept={TAKEN}
          aria-label="Files to load"
          tabIndex={-1}
          className="sr-only"
          onChange={({ target }) => {
            take(target.files);
            target.value = "";
          }}
        />
        <Button icon="plus" disabled={busy} onClick={() => input.current?.click()}>
          Load files
        </Button>
        <Button disabled={busy} onClick={() => setPasting(true)}>
          Paste a text
        </Button>
        <p className="text-sm text-pretty text-faint">Text, Markdown, HTML, JSON, NDJSON or CSV; or drop them here. What has the same name is replaced.</p>
      </div>
      {uploads.length > 0 && (
        <ul aria-label="Being loaded" className="figures mt-3 flex flex-col gap-1 text-sm">
          {uploads.map((upload) => (
            <UploadLine key={upload.source} upload={upload} />
          ))}
        </ul>
      )}
      {pasting && (
        <PasteDialog
          onClose={() => setPasting(false)}
          onPaste={(addition) => {
            setPasting(false);
            void add([addition]);
          }}
        />
      )}
    </section>
  );
}

const TONES: Record<Upload["state"], Tone> = { waits: "quiet", "is read": "accent", done: "ok", refused: "bad" };

const UploadLine = ({ upload: { source, size, state, note } }: { upload: Upload }) => (
  <li className="flex flex-wrap items-center gap-x-3 gap-y-1">
    <span className="min-w-0 wrap-anywhere">{source}</span>
    <span className="text-faint">{bytes(size)}</span>
    <span role="status" className="flex min-w-0 items-center gap-2">
      <span className={state === "is read" ? "pulse" : ""}>
        <Badge tone={TONES[state]}>{state}</Badge>
      </span>
      <span className={cx("wrap-anywhere", state === "refused" ? "text-bad" : "text-faint")}>{note}</span>
    </span>
  </li>
);
