/** The first stop of the keyboard: past the header, to the screen. */
export function SkipLink() {
  return (
    <a
      href="#main"
      className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-30 focus:rounded-lg focus:bg-surface focus:px-3 focus:py-1.5 focus:text-sm"
      onClick={(event) => {
        event.preventDefault(); // the address stays the screen's
        document.querySelector<HTMLElement>("#main h1")?.focus();
      }}
    >
      Skip to the screen
    </a>
  );
}
