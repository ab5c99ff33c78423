import { type FormEvent, useState } from "react";
import { ActionButton } from "../../ui/ActionButton";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { TextField } from "../../ui/TextField";
import { DialogButtons, TitledDialog } from "../../ui/TitledDialog";
import type { Addition } from "./uploads";

/** A text by hand, and the name under which it is found and replaced. */
export function PasteDialog({ onPaste, onClose }: { onPaste(addition: Addition): void; onClose(): void }) {
  const [source, setSource] = useState("");
  const [text, setText] = useState("");
  const off = source.trim() === "" || text.trim() === "";

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!off) onPaste({ source: source.trim(), body: new Blob([text]), type: "text/plain" });
  }

  return (
    <TitledDialog title="Paste a text" onClose={onClose}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <TextField label="Name" hint="It is cited under this name; what has it already is replaced." value={source} onChange={setSource} />
        <Field label="Text">
          {(ids) => <textarea {...ids} rows={10} className="field text-sm" value={text} onChange={({ target }) => setText(target.value)} />}
        </Field>
        <DialogButtons>
          <Button className="h-9" onClick={onClose}>
            Cancel
          </Button>
          <ActionButton off={off}>Load it</ActionButton>
        </DialogButtons>
      </form>
    </TitledDialog>
  );
}
