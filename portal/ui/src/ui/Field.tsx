import { type ReactNode, useId } from "react";

export interface FieldIds {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean;
}

interface FieldProps {
  label: string;
  /** What stands at the other end of the label's line. */
  aside?: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  children: (ids: FieldIds) => ReactNode;
}

/** A label, an input, and below it what is wrong with it, or a hint. */
export function Field({ label, aside, hint, error, children }: FieldProps) {
  const id = useId();
  const note = useId();
  const described = error || hint ? note : undefined;
  return (
    <div className="min-w-0">
      <div className="mb-1.5 flex min-h-5 items-baseline justify-between gap-3">
        <label htmlFor={id} className="text-sm font-medium text-soft">
          {label}
        </label>
        {aside}
      </div>
      {children({ id, "aria-describedby": described, "aria-invalid": error !== undefined })}
      {error ? (
        <p id={note} role="alert" className="mt-1.5 text-sm text-pretty text-bad wrap-anywhere">
          {error}
        </p>
      ) : (
        hint && (
          <div id={note} className="mt-1.5 text-xs text-faint">
            {hint}
          </div>
        )
      )}
    </div>
  );
}
