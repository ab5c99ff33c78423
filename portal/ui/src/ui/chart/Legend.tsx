import { cx } from "../cx";
import { DOTS } from "./colours";
import type { Line } from "./scale";

interface LegendProps {
  lines: readonly Line[];
  step: number;
  time: string | undefined;
  valueText(value: number): string;
}

/** Which line is which, with its value at the chosen step. */
export function Legend({ lines, step, time, valueText }: LegendProps) {
  return (
    <figcaption className="figures mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-soft">
      {time && <span className="text-faint">{time}</span>}
      {lines.map(({ name, values }, index) => (
        <span key={name} className="flex min-w-0 items-center gap-1.5">
          <span className={cx("h-0.5 w-3 shrink-0 rounded", DOTS[index % DOTS.length])} />
          <span className="truncate">{name}</span>
          <span className="text-ink">{shown(values[step], valueText)}</span>
        </span>
      ))}
    </figcaption>
  );
}

const shown = (value: number | null | undefined, valueText: (value: number) => string) =>
  value === null || value === undefined ? "–" : valueText(value);
