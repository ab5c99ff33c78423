import { Icon } from "../ui/Icon";
import { useOverlays } from "./Overlays";

/** For those who do not know Ctrl-K yet, and for fingers. */
export function PaletteButton() {
  const { openPalette } = useOverlays();
  return (
    <button
      type="button"
      aria-keyshortcuts="Control+K"
      title="Go anywhere, do anything (Ctrl-K)"
      onClick={openPalette}
      className="inline-flex h-8 items-center gap-1.5 rounded-lg border border-line px-2 text-xs text-faint transition-colors hover:border-edge hover:text-ink"
    >
      <Icon name="search" className="size-3.5" />
      <span className="sr-only">Command palette</span>
      <kbd aria-hidden="true" className="hidden font-sans sm:inline">
        Ctrl K
      </kbd>
    </button>
  );
}
