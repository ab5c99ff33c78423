import type { Span } from "../address";
import { pieces } from "./excerpt";

/** A text with its spans marked. */
export const Marked = ({ text, spans }: { text: string; spans: readonly Span[] }) =>
  pieces(text, spans).map(({ text: piece, marked }, at) =>
    marked ? (
      // oxlint-disable-next-line no-array-index-key -- pieces of one text: their place is what they are
      <mark key={at} className="rounded-xs bg-accent-wash text-accent-strong">
        {piece}
      </mark>
    ) : (
      piece
    ),
  );
