import { Cell, PlainTable, ROW } from "../PlainTable";
import { type Line, timeMarks } from "./scale";

const ROWS_MAX = 25;

interface ChartTableProps {
  label: string;
  lines: readonly Line[];
  steps: number;
  timeOf(step: number): string;
  valueText(value: number): string;
}

/** The picture's numbers, evenly thinned out to what one can read. */
export function ChartTable({ label, lines, steps, timeOf, valueText }: ChartTableProps) {
  const rows = timeMarks(steps, Math.min(steps, ROWS_MAX)).toReversed();
  return (
    <details className="mt-2 text-xs text-faint">
      <summary className="w-fit rounded hover:text-ink">As a table</summary>
      <div className="mt-2">
        <PlainTable label={`${label}, as a table`} heads={[{ title: "Time" }, ...lines.map(({ name }) => ({ title: name, right: true }))]}>
          {rows.map((step) => (
            <tr key={step} className={ROW}>
              <Cell>{timeOf(step)}</Cell>
              {lines.map(({ name, values }) => (
                <Cell key={name} right>
                  {typeof values[step] === "number" ? valueText(values[step]) : "unknown"}
                </Cell>
              ))}
            </tr>
          ))}
        </PlainTable>
      </div>
    </details>
  );
}
