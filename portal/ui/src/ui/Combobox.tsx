import { type ComponentProps, type KeyboardEvent, useId, useState } from "react";
import { cx } from "./cx";

export interface Option {
  value: string;
  /** Said beside it, in small. */
  note?: string;
}

interface ComboboxProps extends Omit<ComponentProps<"input">, "onChange" | "value" | "onSelect"> {
  value: string;
  options: readonly Option[];
  onChange(value: string): void;
  /** An option was taken, or (with takesText) Enter pressed on a text of one's own. */
  onPick(value: string): void;
  takesText?: boolean;
}

const SHOWN_MAX = 50;

/** A text field with suggestions (ARIA's combobox with a list). Any text may be typed. */
export function Combobox({ value, options, onChange, onPick, takesText = false, className, ...rest }: ComboboxProps) {
  const list = useId();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const shown = open ? matching(options, value) : [];

  function close() {
    setOpen(false);
    setActive(-1);
  }
  function pick(picked: string) {
    close();
    onPick(picked);
  }
  function move(step: number) {
    setOpen(true);
    const count = matching(options, value).length;
    const start = step > 0 ? -1 : 0; // nothing is active yet: down begins at the first, up at the last
    setActive((now) => (count === 0 ? -1 : ((now < 0 ? start : now) + step + count) % count));
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    const option = shown[active];
    if (event.key === "Enter") close(); // whatever it does: the list is in the way of what comes of it
    if (event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape" && open) close();
    else if (event.key === "Enter" && option) pick(option.value);
    else if (event.key === "Enter" && takesText) pick(value);
    else return;
    event.preventDefault();
  }

  return (
    <div className="relative min-w-0">
      <input
        {...rest}
        type="text"
        role="combobox"
        aria-expanded={shown.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={shown[active] ? `${list}-${active}` : undefined}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={value}
        className={className}
        onChange={(event) => {
          onChange(event.target.value);
          setOpen(true);
          setActive(-1);
        }}
        onClick={() => setOpen(true)}
        onBlur={close}
        onKeyDown={onKeyDown}
      />
      <ul
        id={list}
        role="listbox"
        aria-label="Suggestions"
        hidden={shown.length === 0}
        className="absolute inset-x-0 top-full z-20 mt-1 max-h-64 min-w-48 overflow-y-auto rounded-lg border border-line bg-surface p-1 shadow-lg shadow-black/10"
      >
        {shown.map((option, index) => (
          <li
            key={option.value}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === active}
            className={cx(
              "flex items-baseline justify-between gap-4 rounded-md px-2 py-1 text-sm hover:bg-hover",
              index === active && "bg-accent-wash",
            )}
            // Before the field loses the focus and closes the list.
            onPointerDown={(event) => {
              event.preventDefault();
              pick(option.value);
            }}
          >
            <span className="min-w-0 truncate">{option.value}</span>
            {option.note && <span className="figures shrink-0 text-xs text-faint">{option.note}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** All of them for an empty text or an exact hit; otherwise those that contain the text, beginnings first. */
function matching(options: readonly Option[], text: string): readonly Option[] {
  const wanted = text.toLowerCase();
  if (wanted === "" || options.some((option) => option.value === text)) return options.slice(0, SHOWN_MAX);
  const rank = (option: Option) => option.value.toLowerCase().indexOf(wanted);
  return options
    .filter((option) => rank(option) >= 0)
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, SHOWN_MAX);
}
