import { type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from "react";

/** Walking through a table's rows with the keyboard: one of them, the active one, is in the tab order. */
export function useRowWalk(count: number, box: RefObject<HTMLElement | null>, rowHeight: number) {
  const [wanted, setActive] = useState(0);
  const active = Math.min(wanted, Math.max(0, count - 1));
  const activeLink = useRef<HTMLAnchorElement>(null);
  const walked = useRef(false);

  // The row walked to may have come into the document only with this rendering.
  useLayoutEffect(() => {
    if (!walked.current) return;
    walked.current = false;
    activeLink.current?.focus({ preventScroll: true });
  });

  function onKeyDown(event: KeyboardEvent) {
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / rowHeight) - 1);
    const next = STEPS[event.key]?.(active, page, count);
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const target = Math.max(0, Math.min(count - 1, next));
    walked.current = target !== active;
    bringIntoSight(box.current, target * rowHeight, rowHeight);
    setActive(target);
  }

  return { active, activeLink, setActive, onKeyDown };
}

const STEPS: Record<string, (active: number, page: number, count: number) => number> = {
  ArrowDown: (active) => active + 1,
  ArrowUp: (active) => active - 1,
  PageDown: (active, page) => active + page,
  PageUp: (active, page) => active - page,
  Home: () => 0,
  End: (_active, _page, count) => count - 1,
};

function bringIntoSight(box: HTMLElement | null, top: number, height: number) {
  if (!box) return;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + height > box.scrollTop + box.clientHeight) box.scrollTop = top + height - box.clientHeight;
}
