import { useCallback, useLayoutEffect, useRef, useState } from "react";

/** The size and position of an element that scrolls, for lists of which only what is in sight is in the document. */
export function useScrollBox(onScrolled?: () => void) {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [top, setTop] = useState(0);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const onScroll = useCallback(() => {
    const now = box.current?.scrollTop ?? 0;
    setTop(now);
    if (now > 0) onScrolled?.();
  }, [onScrolled]);

  return { box, top, onScroll, ...size };
}
