import { useCallback, useState, useSyncExternalStore } from "react";
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
}

/** What one sees of the buffer: the newest rows, or those of the moment one began to read. */
export function useLogView(buffer: RowBuffer): LogView {
  const live = useSyncExternalStore(buffer.subscribe, buffer.snapshot);
  const [frozen, setFrozen] = useState<Snapshot>();
  const [openSeq, setOpenSeq] = useState<number>();

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
  };
}
