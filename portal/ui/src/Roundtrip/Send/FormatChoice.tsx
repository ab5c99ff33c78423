import { FORMATS, FORMAT_NAMES, type Format } from "./formats";

export function FormatChoice({ format, onChange }: { format: Format; onChange(format: Format): void }) {
  return (
    <fieldset className="flex gap-3 text-xs">
      <legend className="sr-only">How the message is written</legend>
      {FORMAT_NAMES.map((name) => (
        <label key={name} className="flex items-center gap-1 text-faint has-checked:text-ink">
          <input
            type="radio"
            name="format"
            className="size-3 accent-accent"
            checked={format === name}
            onChange={() => onChange(name)}
          />
          {FORMATS[name].label}
        </label>
      ))}
    </fieldset>
  );
}
