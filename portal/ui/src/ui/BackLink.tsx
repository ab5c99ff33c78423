import { Link } from "wouter";
import { Icon } from "./Icon";

/** From one of many to all of them. */
export const BackLink = ({ href, children }: { href: string; children: string }) => (
  <Link href={href} className="inline-flex items-center gap-1 rounded text-sm text-soft hover:text-ink">
    <Icon name="chevron" className="size-3 rotate-180" />
    {children}
  </Link>
);
