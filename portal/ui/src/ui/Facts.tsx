import type { ReactNode } from "react";

/** Names and values side by side, as many in a line as have room. */
export const Facts = ({ children }: { children: ReactNode }) => (
  <dl className="figures mb-4 flex flex-wrap gap-x-6 gap-y-1 text-sm">{children}</dl>
);

export const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex gap-1.5">
    <dt className="text-faint">{name}</dt>
    <dd className="text-ink">{children}</dd>
  </div>
);
