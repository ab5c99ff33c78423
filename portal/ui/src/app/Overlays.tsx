import { Suspense, createContext, lazy, use, useCallback, useMemo, useState, type ReactNode } from "react";
import { useShortcuts } from "./useShortcuts";

const Palette = lazy(async () => ({ default: (await import("./Palette/Palette")).Palette }));
const Help = lazy(async () => ({ default: (await import("./Palette/Help")).Help }));

const WINDOWS = { palette: Palette, help: Help } as const;

interface Opening {
  openPalette(): void;
  openHelp(): void;
}

const OpeningContext = createContext<Opening>({ openPalette() {}, openHelp() {} });

export const useOverlays = () => use(OpeningContext);

/** The windows that stand over any screen, and the keys that bring them. Their code is fetched when first asked for. */
export function Overlays({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState<keyof typeof WINDOWS>();
  const openPalette = useCallback(() => setOpen("palette"), []);
  const openHelp = useCallback(() => setOpen("help"), []);
  const close = useCallback(() => setOpen(undefined), []);
  useShortcuts({ onPalette: openPalette, onHelp: openHelp });
  const opening = useMemo(() => ({ openPalette, openHelp }), [openPalette, openHelp]);
  const Window = open && WINDOWS[open];
  return (
    <OpeningContext value={opening}>
      {children}
      {Window && (
        <Suspense>
          <Window onClose={close} onHelp={openHelp} />
        </Suspense>
      )}
    </OpeningContext>
  );
}
