interface Choice {
  title: string;
  chosen: boolean;
  choose(): void;
}

/** A few words of which one is chosen, small enough to stand beside a field's label. */
export const Choices = ({ legend, choices }: { legend: string; choices: readonly Choice[] }) => (
  <fieldset className="flex gap-3 text-xs">
    <legend className="sr-only">{legend}</legend>
    {choices.map(({ title, chosen, choose }) => (
      <label key={title} className="flex items-center gap-1 text-faint has-checked:text-ink">
        <input type="radio" name={legend} className="size-3" checked={chosen} onChange={choose} />
        {title}
      </label>
    ))}
  </fieldset>
);
