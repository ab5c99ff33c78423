import { type FormEvent, type ReactNode, useState } from "react";
import { ActionButton } from "./ActionButton";
import { Button } from "./Button";
import { DialogButtons, TitledDialog } from "./TitledDialog";
import { Field } from "./Field";
import { Notice } from "./Notice";

interface GuardDialogProps {
  title: string;
  /** What will happen. */
  children: ReactNode;
  /** To be typed before anything does. */
  name: string;
  action: string;
  busy: boolean;
  /** Why it was, or would be, refused. */
  problem: string | undefined;
  /** It would be refused, so it is not offered. */
  refused?: boolean;
  onConfirm(): void;
  onClose(): void;
}

/** Before something that cannot be undone: says what, and wants its name typed. */
export function GuardDialog({ title, children, name, action, busy, problem, refused = false, onConfirm, onClose }: GuardDialogProps) {
  const [typed, setTyped] = useState("");
  const off = typed !== name || busy || refused;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!off) onConfirm();
  }

  return (
    <TitledDialog title={title} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <div className="text-sm text-pretty text-soft">{children}</div>
        <Field label="Type the name to go on" hint={<span className="font-mono wrap-anywhere">{name}</span>}>
          {(ids) => (
            <input
              {...ids}
              type="text"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              className="field"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        {problem && <Notice tone="bad">{problem}</Notice>}
        <DialogButtons>
          <Button className="h-9" onClick={onClose}>
            Cancel
          </Button>
          <ActionButton tone="bad" off={off}>
            {action}
          </ActionButton>
        </DialogButtons>
      </form>
    </TitledDialog>
  );
}
