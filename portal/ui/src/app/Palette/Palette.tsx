import { type KeyboardEvent, useId, useState } from "react";
import { useLocation } from "wouter";
import { useTopicNames } from "../../api/hooks/topicNames";
import { Dialog } from "../../ui/Dialog";
import { Keys } from "../../ui/Keys";
import { cx } from "../../ui/cx";
import type { Command } from "../commands";
import { commandsFor } from "./paletteCommands";

/** Type what you want, press Enter. ARIA's combobox with its list always open. */
export function Palette({ onClose, onHelp }: { onClose(): void; onHelp(): void }) {
  const [text, setText] = useState("");
  /** What the arrows led to, by its id: the list may change under it, when topics come. Else the first. */
  const [activeId, setActiveId] = useState<string>();
  const list = useId();
  const [, navigate] = useLocation();
  const topics = useTopicNames().map(({ value }) => value);
  // Never deferred: Enter runs what stands first for the text as it is, however slow the machine.
  const commands = commandsFor(text, { topics, navigate, onHelp });
  const chosen = Math.max(0, commands.findIndex(({ id }) => id === activeId));

  function run(command: Command | undefined) {
    if (!command) return;
    onClose(); // first: the command may open another window, and the focus goes where it leads
    command.run();
  }
  function move(to: number) {
    const next = (to + commands.length) % commands.length;
    setActiveId(commands[next]?.id);
    document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: "nearest" });
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown") move(chosen + 1);
    else if (event.key === "ArrowUp") move(chosen - 1);
    else if (event.key === "Enter") run(commands[chosen]);
    else return;
    event.preventDefault();
  }

  return (
    <Dialog label="Command palette" onClose={onClose} className="mt-[12dvh]">
      <input
        type="text"
        role="combobox"
        aria-label="What to do or where to go"
        aria-expanded={true}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={commands[chosen] ? `${list}-${chosen}` : undefined}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        // The window was opened to type here.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        className="w-full border-b border-line bg-transparent px-4 py-3.5 outline-none"
        placeholder="A screen, a topic, a message's id, something to do"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActiveId(undefined);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={list} role="listbox" aria-label="Commands" className="max-h-[50dvh] overflow-y-auto p-1.5">
        {commands.map((command, index) => (
          <CommandItem key={command.id} id={`${list}-${index}`} command={command} active={index === chosen} onRun={run} />
        ))}
      </ul>
      {commands.length === 0 && <p className="px-4 pb-6 text-center text-sm text-faint">Nothing is called that.</p>}
    </Dialog>
  );
}

interface CommandItemProps {
  id: string;
  command: Command;
  active: boolean;
  onRun(command: Command): void;
}

function CommandItem({ id, command, active, onRun }: CommandItemProps) {
  return (
    // The keyboard's way here is the field above, which names the active one.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <li
      id={id}
      role="option"
      aria-selected={active}
      className={cx("flex items-baseline gap-3 rounded-lg px-2.5 py-1.5 text-sm hover:bg-hover", active && "bg-accent-wash")}
      onClick={() => onRun(command)}
    >
      <span className="min-w-0 shrink truncate">{command.title}</span>
      <span className="min-w-0 flex-1 truncate text-xs text-faint">{command.note}</span>
      {command.keys && <Keys keys={command.keys} />}
    </li>
  );
}
