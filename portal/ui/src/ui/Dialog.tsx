import { type ReactNode, useEffect, useRef } from "react";
import { cx } from "./cx";

interface DialogProps {
  /** Read out when it opens. */
  label: string;
  onClose(): void;
  className?: string;
  children: ReactNode;
}

/**
 * A window over the page, open as long as it is rendered. The browser's own: it keeps the focus within, closes on
 * Escape and gives the focus back to where it came from.
 */
export function Dialog({ label, onClose, className, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (!element?.open) element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault(); // closing is the owner's, by no longer rendering it
        onClose();
      }}
      // What is around the window belongs to the dialog element itself.
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
      className={cx(
        "m-auto max-h-[80dvh] w-[min(36rem,calc(100vw-2rem))] overflow-hidden rounded-xl border border-line bg-surface p-0 text-ink shadow-2xl shadow-black/30",
        "backdrop:bg-black/40",
        className,
      )}
    >
      {children}
    </dialog>
  );
}
