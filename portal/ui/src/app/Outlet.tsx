import { Suspense, useEffect, useRef } from "react";
import { Link, useLocation } from "wouter";
import { Empty } from "../ui/Panel";
import { ScreenErrors } from "./ScreenErrors";
import { screenAt } from "./screens";
import { useScreenTitle } from "./title";

/** The screen of the address, below a heading that screen readers hear and the focus moves to. */
export function Outlet() {
  const [path] = useLocation();
  const screen = screenAt(path);
  const title = useScreenTitle(screen?.title ?? "Not found");
  const heading = useFocusAfterMoving(path);
  useEffect(() => {
    document.title = `${title} – kafkloud`;
  }, [title]);
  return (
    <main id="main" className="flex flex-1 flex-col">
      <h1 ref={heading} tabIndex={-1} className="sr-only">
        {title}
      </h1>
      <ScreenErrors key={screen?.path}>
        <Suspense fallback={<Loading />}>{screen ? <screen.Component /> : <NotFound path={path} />}</Suspense>
      </ScreenErrors>
    </main>
  );
}

/**
 * After a change of screen the focus stands at the heading, so that Tab goes on from there. It is left alone where
 * it is still within the screen and seen: somebody walks through a list whose entries have addresses.
 */
function useFocusAfterMoving(path: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    const focused = document.activeElement;
    const stays = focused?.closest("main") && focused.checkVisibility();
    if (!stays) heading.current?.focus();
  }, [path]);
  return heading;
}

const Loading = () => (
  <p role="status" className="appear-late py-10 text-center text-sm text-faint">
    Loading
  </p>
);

function NotFound({ path }: { path: string }) {
  return (
    <Empty title="There is no such screen">
      Nothing of this page is at {path}.{" "}
      <Link href="/" className="text-accent underline underline-offset-2">
        Go to the first screen
      </Link>
    </Empty>
  );
}
