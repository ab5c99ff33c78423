import type { ComponentProps } from "react";
import { Icon, type IconName } from "./Icon";
import { cx } from "./cx";

type ButtonProps = ComponentProps<"button"> & { icon?: IconName };

/** A quiet button; the one loud button of a screen is the DoIt. */
export function Button({ icon, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={cx(
        "inline-flex h-8 items-center gap-1.5 rounded-lg border border-line px-2.5 text-sm text-soft transition-colors",
        "hover:border-edge hover:text-ink aria-pressed:border-accent aria-pressed:text-accent disabled:opacity-50",
        className,
      )}
      {...rest}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A button that is only an icon; its label is read out and shown on hover. */
export function IconButton({ icon, label, className, ...rest }: ComponentProps<"button"> & { icon: IconName; label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={cx(
        "inline-flex size-7 shrink-0 items-center justify-center rounded-md text-faint transition-colors hover:bg-hover hover:text-ink",
        className,
      )}
      {...rest}
    >
      <Icon name={icon} className="size-3.5" />
    </button>
  );
}
