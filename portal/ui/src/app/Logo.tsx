/** A cloud, and the path of a message through it. The same drawing is public/favicon.svg. */
export function Logo() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className="size-7 fill-none" strokeLinecap="round" strokeLinejoin="round">
      <path
        className="stroke-accent stroke-[2.25]"
        d="M9.5 25h13a6 6 0 0 0 1.2-11.88A8 8 0 0 0 8.3 12.2 6.5 6.5 0 0 0 9.5 25Z"
      />
      <path className="stroke-ink stroke-2" d="M12 18.8h7.5m-2.6-2.7 2.7 2.7-2.7 2.7" />
    </svg>
  );
}
