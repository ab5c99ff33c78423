/** In place of a value that nobody knows, with the reason on hover. Nothing is guessed. */
export function Unknown({ why }: { why: string }) {
  return (
    <span title={why} className="cursor-help text-faint">
      <span aria-hidden="true">–</span>
      <span className="sr-only">unknown: {why}</span>
    </span>
  );
}
