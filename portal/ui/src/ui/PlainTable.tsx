import type { ReactNode } from "react";
import { cx } from "./cx";

export interface Head {
  title: string;
  right?: boolean;
  /** Left out where there is no room for it; another cell then says the same. */
  roomy?: boolean;
  /** Only read out where there is no room: what stands below it speaks for itself. */
  plain?: boolean;
}

/** A table of few rows. Where it is too wide it is scrolled by itself, also with the keyboard. */
export function PlainTable({ label, heads, children }: { label: string; heads: readonly Head[]; children: ReactNode }) {
  return (
    <div role="region" aria-label={label} tabIndex={0} className="more-aside overflow-x-auto rounded-md">
      <table className={cx("figures w-full text-sm", APART)}>
        <thead>
          <tr className="border-b border-line text-xs text-faint">
            {heads.map(({ title, right, roomy, plain }) => (
              <th key={title} scope="col" className={cx("px-2 pb-1.5 font-medium whitespace-nowrap", right ? "text-right" : "text-left", roomy && ROOMY, plain && "max-sm:sr-only")}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

interface CellProps {
  right?: boolean;
  /** Its text may be long, and is broken. */
  wide?: boolean;
  roomy?: boolean;
  children: ReactNode;
}

export const Cell = ({ right, wide, roomy, children }: CellProps) => (
  <td className={cx("px-2 py-1.5", right && "text-right", wide ? "wrap-anywhere" : "whitespace-nowrap", roomy && ROOMY)}>{children}</td>
);

const ROOMY = "max-sm:hidden";

/** Words behind numbers: without room between them both read as one. */
const APART = "sm:[&_.text-right+:not(.text-right)]:pl-8";

export const ROW = "border-b border-line last:border-0 hover:bg-hover";
