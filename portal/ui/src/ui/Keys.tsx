/** Keys to press one after the other: "g r"; together: "Ctrl+K". */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className="flex shrink-0 gap-1">
      {keys.split(" ").map((key) => (
        <kbd key={key} className="rounded border border-line bg-sunken px-1.5 font-mono text-xs text-soft">
          {key}
        </kbd>
      ))}
    </span>
  );
}
