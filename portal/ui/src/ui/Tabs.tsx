import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from "react";
import { cx } from "./cx";

export interface Tab {
  id: string;
  title: string;
  /** Said beside the title: a count. */
  note?: string | undefined;
}

interface TabsProps {
  label: string;
  tabs: readonly Tab[];
  current: string;
  onChange(id: string): void;
  /** What the current tab shows. */
  children: ReactNode;
}

/** Tabs as ARIA has them: the arrow keys move between them, Tab goes on into what they show. */
export function Tabs({ label, tabs, current, onChange, children }: TabsProps) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);

  // Where they have no room side by side, the row is scrolled.
  useEffect(() => {
    tabOf(list.current, id, current)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [id, current]);

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = tabs.findIndex((tab) => tab.id === current);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (!next) return;
    onChange(next.id);
    tabOf(list.current, id, next.id)?.focus();
  }

  return (
    <>
      <div ref={list} role="tablist" aria-label={label} className="mb-4 flex gap-1 overflow-x-auto border-b border-line">
        {tabs.map((tab) => {
          const selected = tab.id === current;
          return (
            <button
              key={tab.id}
              type="button"
              role="tab"
              id={`${id}-${tab.id}`}
              aria-selected={selected}
              aria-controls={selected ? `${id}-panel` : undefined}
              tabIndex={selected ? 0 : -1}
              onClick={() => onChange(tab.id)}
              onKeyDown={onKeyDown}
              className={cx(
                "-mb-px shrink-0 border-b-2 px-3 py-2 text-sm transition-colors focus-visible:outline-offset-[-2px]",
                selected ? "border-accent font-medium text-ink" : "border-transparent text-soft hover:text-ink",
              )}
            >
              {tab.title} {tab.note !== undefined && <span className="figures ml-0.5 text-xs text-faint">{tab.note}</span>}
            </button>
          );
        })}
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${current}`} className="flex min-w-0 flex-1 flex-col">
        {children}
      </div>
    </>
  );
}

const tabOf = (list: HTMLElement | null, id: string, tab: string) => list?.querySelector<HTMLElement>(`#${CSS.escape(`${id}-${tab}`)}`);
