import { useCallback, useState, useSyncExternalStore } from "react";
import { logFilterOf } from "./logFilter";
import type { RowBuffer, Snapshot } from "./rowBuffer";

export interface LogView {
  shown: Snapshot;
  paused: boolean;
  /** Messages that came since the view stands still. */
  behind: number;
  /** The row that is shown in full; one at a time, and only while the view is paused. */
  openSeq: number | undefined;
  pause(): void;
  resume(): void;
  open(seq: number | undefined): void;
  clear(): void;
  /** What was typed to filter by. */
  filter: string;
  setFilter(text: string): void;
}

/** What one sees of the buffer: the newest rows, or those of the moment one began to read. */
export function useLogView(buffer: RowBuffer): LogView {
  const live = useSyncExternalStore(buffer.subscribe, buffer.snapshot);
  const [frozen, setFrozen] = useState<Snapshot>();
  const [openSeq, setOpenSeq] = useState<number>();

  const [filter, setFilter] = useState("");

  const pause = useCallback(() => setFrozen((before) => before ?? buffer.snapshot()), [buffer]);
  function resume() {
    setFrozen(undefined);
    setOpenSeq(undefined);
  }

  return {
    shown: frozen ?? live,
    paused: frozen !== undefined,
    behind: frozen ? live.received - frozen.received : 0,
    openSeq,
    pause,
    resume,
    open(seq) {
      pause();
      setOpenSeq(seq);
    },
    clear() {
      buffer.clear();
      resume();
    },
    filter,
    setFilter(text) {
      setFilter(text);
      buffer.setFilter(logFilterOf(text));
      resume();
    },
  };
}
