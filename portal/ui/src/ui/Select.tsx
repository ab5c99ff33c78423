import type { ComponentProps } from "react";
import { Icon } from "./Icon";

/** The browser's own list, in the clothes of the other fields. */
export function Select({ options, ...rest }: ComponentProps<"select"> & { options: readonly string[] }) {
  return (
    <div className="relative">
      <select className="field appearance-none pr-9 text-sm" {...rest}>
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
      <Icon name="down" className="pointer-events-none absolute top-1/2 right-3 size-3.5 -translate-y-1/2 text-faint" />
    </div>
  );
}
