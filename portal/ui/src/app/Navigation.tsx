import { useEffect, useRef } from "react";
import { Link, useLocation } from "wouter";
import { cx } from "../ui/cx";
import { type Screen, isAt, screens } from "./screens";

/** The screens, in the table's order. On a phone they take two rows; beside the logo, a row too long is scrolled. */
export function Navigation() {
  return (
    <nav aria-label="Screens" className="order-last w-full min-w-0 overflow-x-auto lg:order-none lg:w-auto lg:flex-1">
      <ul className="flex flex-wrap gap-1 p-0.5 lg:flex-nowrap">
        {screens.map((screen) => (
          <NavigationItem key={screen.path} screen={screen} />
        ))}
      </ul>
    </nav>
  );
}

function NavigationItem({ screen }: { screen: Screen }) {
  const [path] = useLocation();
  const current = isAt(screen, path);
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (current) bringIntoView(item.current);
  }, [current]);
  return (
    <li ref={item}>
      <Link
        href={screen.path}
        aria-current={current ? "page" : undefined}
        className={cx(
          "block rounded-lg px-2.5 py-1 text-sm whitespace-nowrap transition-colors",
          current ? "bg-accent-wash font-medium text-accent" : "text-soft hover:bg-hover hover:text-ink",
        )}
        // Its code is fetched while the pointer is on its way.
        onPointerEnter={() => void screen.load().catch(() => {})}
        onFocus={() => {
          bringIntoView(item.current); // a browser is content with a part of it
          void screen.load().catch(() => {});
        }}
      >
        {screen.title}
      </Link>
    </li>
  );
}

const bringIntoView = (item: HTMLElement | null) => item?.scrollIntoView({ block: "nearest", inline: "nearest" });
