import type { ComponentProps } from "react";
import { cx } from "./cx";

const TONES = {
  accent: "bg-accent text-on-accent hover:bg-accent-strong",
  bad: "bg-bad text-surface hover:opacity-90",
} as const;

interface ActionButtonProps extends Omit<ComponentProps<"button">, "disabled"> {
  tone?: keyof typeof TONES;
  /** Does nothing, but stays in the tab order: the focus is not lost, and a reader hears why. */
  off?: boolean;
}

/** The button that does what a dialog or form is for. */
export function ActionButton({ tone = "accent", off = false, className, onClick, ...rest }: ActionButtonProps) {
  return (
    <button
      type="submit"
      aria-disabled={off}
      onClick={(event) => {
        if (off) event.preventDefault();
        else onClick?.(event);
      }}
      className={cx(
        "inline-flex h-9 items-center rounded-lg px-4 text-sm font-semibold transition-colors aria-disabled:cursor-default aria-disabled:opacity-50",
        TONES[tone],
        className,
      )}
      {...rest}
    />
  );
}
