// The list of rows, newest on top. Only what is in sight is in the document, so that the cost of a redraw
// is that of a screenful, not of what was received. All rows have one height; an open one adds a fixed panel.
import { type CSSProperties, useEffect } from "react";
import type { Envelope } from "../../api/hooks/consume";
import { useScrollBox } from "../../ui/useScrollBox";
import { LogRow } from "./LogRow";
import { MessageDetails } from "./MessageDetails";
import type { Row } from "./rowBuffer";

const HEIGHTS = { wide: 32, narrow: 52, details: 288 };
const NARROW_BELOW = 560;
const OVERSCAN = 4;
/** The column of places, in letters: a little wider than the longest, in steps, so that it seldom moves. */
const PLACE = { step: 6, max: 30 };

interface VirtualRowsProps {
  /** Oldest first. */
  rows: readonly Row[];
  paused: boolean;
  openSeq: number | undefined;
  onOpen(seq: number | undefined): void;
  /** Somebody scrolled: what they look at must stay. */
  onScrolled(): void;
  onSelect(id: string): void;
}

export function VirtualRows({ rows, paused, openSeq, onOpen, onScrolled, onSelect }: VirtualRowsProps) {
  const { box, width, height, top, onScroll } = useScrollBox(onScrolled);
  const narrow = width < NARROW_BELOW;
  const rowHeight = narrow ? HEIGHTS.narrow : HEIGHTS.wide;

  useEffect(() => {
    if (!paused) box.current?.scrollTo({ top: 0 });
  }, [paused, box]);

  const newestFirst = (index: number) => rows[rows.length - 1 - index];
  const open = rows.findLastIndex((row) => row.seq === openSeq);
  const openIndex = open < 0 ? rows.length : rows.length - 1 - open;
  const offsetOf = (index: number) => index * rowHeight + (index > openIndex ? HEIGHTS.details : 0);
  const first = Math.max(0, Math.floor((top - HEIGHTS.details) / rowHeight) - OVERSCAN);
  const last = Math.min(rows.length, Math.ceil((top + height) / rowHeight) + OVERSCAN);

  const visible = [];
  for (let index = first; index < last; index++) {
    const row = newestFirst(index);
    if (!row) continue;
    const isOpen = index === openIndex;
    visible.push(
      <div
        key={row.seq}
        role="listitem"
        aria-setsize={rows.length}
        aria-posinset={index + 1}
        className="absolute inset-x-0"
        style={{ top: offsetOf(index) }}
      >
        <LogRow
          row={row}
          narrow={narrow}
          height={rowHeight}
          open={isOpen}
          onToggle={() => onOpen(isOpen ? undefined : row.seq)}
        />
        {isOpen && row.kind === "message" && <MessageDetails row={row} height={HEIGHTS.details} onSelect={onSelect} />}
      </div>,
    );
  }

  return (
    <div
      ref={box}
      onScroll={onScroll}
      tabIndex={0}
      role="list"
      aria-label="Messages, newest first"
      className="-mx-2 min-h-0 flex-1 overflow-x-hidden overflow-y-auto [overflow-anchor:none]"
    >
      <div role="presentation" className="relative" style={{ height: offsetOf(rows.length), "--place": `${placeLetters(rows)}ch` } as CSSProperties}>
        {visible}
      </div>
    </div>
  );
}

function placeLetters(rows: readonly Row[]): number {
  const longest = rows.reduce((most, row) => Math.max(most, row.kind === "message" ? lettersOf(row.message) : 0), 0);
  return Math.min(PLACE.max, (Math.floor(longest / PLACE.step) + 1) * PLACE.step);
}

const lettersOf = ({ topic, partition, offset }: Envelope) => `${topic}/${partition}/${offset}`.length;
