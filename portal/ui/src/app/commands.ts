// What the command palette can do. The shell's own commands are made from its tables; a screen adds what can be done
// there as long as it is shown.
import { useEffect } from "react";

export interface Command {
  /** Unlike every other's. */
  id: string;
  title: string;
  /** Said beside it, in small. */
  note?: string;
  /** How it is done without the palette: "g r". */
  keys?: string;
  run(): void;
}

const registered = new Set<{ current: readonly Command[] }>();

/** Offers a screen's actions in the palette while the component lives. */
export function useCommands(commands: readonly Command[]) {
  useEffect(() => {
    const entry = { current: commands };
    registered.add(entry);
    return () => void registered.delete(entry);
  }, [commands]);
}

export const screenCommands = (): Command[] => [...registered].flatMap(({ current }) => current);
