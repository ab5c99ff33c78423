// Lines over time, drawn as SVG. The pointer or the arrow keys choose a step, whose values stand in the legend; the
// same numbers are in a table for those who cannot see the picture.
import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { clockTimeMs, count, shortCount } from "../../lib/format";
import { useScrollBox } from "../useScrollBox";
import { ChartTable } from "./ChartTable";
import { Legend } from "./Legend";
import { STROKES } from "./colours";
import { type Area, type Line, type Scale, aloneIn, linearScale, logScale, pathOf, stepAt, stepsOf, timeMarks, xOf, yOf } from "./scale";

interface LineChartProps {
  label: string;
  /** At most as many as there are colours (LINES_MAX). */
  lines: readonly Line[];
  fromMs: number;
  stepMs: number;
  /** How a value is written; counts when nothing else is said. */
  valueText?: (value: number) => string;
  /** Equal steps are equal ratios. */
  logarithmic?: boolean;
  /** Lines that lie on or above the one before, as percentiles do: each is drawn below it and broader, so that it shows where both meet. */
  nested?: boolean;
  /** A line passes over steps without a value; else they are gaps in it. */
  joined?: boolean;
}

const HEIGHT = 220;
const MARGIN = { left: 52, right: 12, top: 8, bottom: 22 };
const STEP_KEYS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };

export function LineChart({ label, lines, fromMs, stepMs, valueText, logarithmic = false, nested = false, joined = false }: LineChartProps) {
  const { box, width } = useScrollBox();
  const [chosen, setChosen] = useState<number>();
  const steps = stepsOf(lines);
  const scale = logarithmic ? logScale(lines) : linearScale(lines);
  const area = { left: MARGIN.left, top: MARGIN.top, width: Math.max(1, width - MARGIN.left - MARGIN.right), height: HEIGHT - MARGIN.top - MARGIN.bottom };
  const shown = Math.min(chosen ?? steps - 1, steps - 1);
  const timeOf = (step: number) => clockTimeMs(fromMs + step * stepMs).slice(0, stepMs < 1_000 ? 10 : 8);

  function onPointerMove(event: PointerEvent<SVGSVGElement>) {
    setChosen(stepAt(event.clientX - event.currentTarget.getBoundingClientRect().left, steps, area));
  }
  function onKeyDown(event: KeyboardEvent) {
    const step = STEP_KEYS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setChosen(Math.max(0, Math.min(steps - 1, shown + step)));
  }

  return (
    <figure>
      <div ref={box}>
        <svg
          role="slider"
          tabIndex={0}
          aria-label={`${label}, at`}
          aria-valuemin={0}
          aria-valuemax={Math.max(0, steps - 1)}
          aria-valuenow={Math.max(0, shown)}
          aria-valuetext={steps > 0 ? `${timeOf(shown)}: ${spoken(lines, shown, valueText)}` : "nothing yet"}
          width="100%"
          height={HEIGHT}
          className="block touch-pan-y rounded-md"
          onPointerMove={onPointerMove}
          onPointerLeave={() => setChosen(undefined)}
          onKeyDown={onKeyDown}
        >
          <Frame scale={scale} steps={steps} area={area} timeOf={timeOf} markText={valueText ?? shortCount} />
          <Curves lines={lines} scale={scale} area={area} nested={nested} joined={joined} />
          {chosen !== undefined && steps > 0 && (
            <line x1={xOf(shown, steps, area)} x2={xOf(shown, steps, area)} y1={area.top} y2={area.top + area.height} className="stroke-edge" />
          )}
        </svg>
      </div>
      <Legend lines={lines} step={shown} time={steps > 0 ? timeOf(shown) : undefined} valueText={valueText ?? count} />
      <ChartTable label={label} lines={lines} steps={steps} timeOf={timeOf} valueText={valueText ?? count} />
    </figure>
  );
}

function spoken(lines: readonly Line[], step: number, valueText: (value: number) => string = String) {
  const said = (value: number | null | undefined) => (value === null || value === undefined ? "unknown" : valueText(value));
  return lines.map(({ name, values }) => `${name} ${said(values[step])}`).join(", ");
}

interface CurvesProps {
  lines: readonly Line[];
  scale: Scale;
  area: Area;
  nested: boolean;
  joined: boolean;
}

const WIDTH = { line: 1.75, broader: 1.25, dot: 3.25 };

/** The first line is drawn last: it lies above the others. */
function Curves({ lines, scale, area, nested, joined }: CurvesProps) {
  const curves = lines.map((line, index) => {
    const width = WIDTH.line + (nested ? index * WIDTH.broader : 0);
    return (
      <g key={line.name} strokeLinejoin="round" strokeLinecap="round" className={`fill-none ${STROKES[index % STROKES.length]}`}>
        <path d={pathOf(line.values, scale, area, joined)} strokeWidth={width} />
        <path d={pathOf(aloneIn(line.values), scale, area)} strokeWidth={width + WIDTH.dot} />
      </g>
    );
  });
  return curves.toReversed();
}

interface FrameProps {
  scale: Scale;
  steps: number;
  area: Area;
  timeOf(step: number): string;
  markText(value: number): string;
}

/** The marks of values and times. */
function Frame({ scale, steps, area, timeOf, markText }: FrameProps) {
  const times = timeMarks(steps, Math.floor(area.width / 120));
  return (
    <g className="figures fill-faint text-xs">
      {scale.marks.map((value) => (
        <g key={value}>
          <line x1={area.left} x2={area.left + area.width} y1={yOf(value, scale, area)} y2={yOf(value, scale, area)} className="stroke-line" />
          <text x={area.left - 8} y={yOf(value, scale, area)} textAnchor="end" dominantBaseline="middle">
            {markText(value)}
          </text>
        </g>
      ))}
      {times.map((step) => (
        <text key={step} x={xOf(step, steps, area)} y={HEIGHT - 4} textAnchor={anchorOf(step, steps)}>
          {timeOf(step)}
        </text>
      ))}
    </g>
  );
}

function anchorOf(step: number, steps: number) {
  if (step === 0) return "start";
  return step === steps - 1 ? "end" : "middle";
}
