import type { ReactNode } from "react";
import { IconButton } from "./Button";
import { Dialog } from "./Dialog";

interface TitledDialogProps {
  title: string;
  onClose(): void;
  children: ReactNode;
}

/** A dialog with a title and a way out; what is too long for the window is scrolled. */
export function TitledDialog({ title, onClose, children }: TitledDialogProps) {
  return (
    <Dialog label={title} onClose={onClose} className="overflow-y-auto">
      <div className="p-5">
        <div className="mb-4 flex items-start justify-between gap-4">
          <h2 className="min-w-0 text-lg font-semibold tracking-tight wrap-anywhere">{title}</h2>
          <IconButton icon="cross" label="Close" onClick={onClose} />
        </div>
        {children}
      </div>
    </Dialog>
  );
}

/** The buttons at a dialog's end: the one that does it stands last. */
export const DialogButtons = ({ children }: { children: ReactNode }) => (
  <div className="mt-1 flex flex-wrap items-center justify-end gap-2">{children}</div>
);
