// From values and times to places in a picture.

export interface Line {
  name: string;
  /** A value a step; null: not known then, and the line has a gap. */
  values: readonly (number | null)[];
}

export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

const STEPS = [1, 2, 2.5, 5, 10] as const;

/** Marks from 0 to above the greatest value, at numbers a person likes. At least 0 and 1. */
export function valueMarks(max: number, wanted: number): number[] {
  const rough = Math.max(max, 1) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const nice = (STEPS.find((step) => step * power >= rough) ?? 10) * power;
  const step = Math.max(1, nice);
  const count = Math.max(1, Math.ceil(max / step));
  return Array.from({ length: count + 1 }, (_, n) => n * step);
}

/** Indexes of the steps whose times are written below the picture: the last one, and those before it at even distances. */
export function timeMarks(steps: number, wanted: number): number[] {
  if (steps === 0) return [];
  const last = steps - 1;
  const stride = Math.max(1, Math.ceil(last / (Math.max(2, wanted) - 1)));
  const before = Math.floor(last / stride);
  return Array.from({ length: before + 1 }, (_, n) => last - (before - n) * stride);
}

export interface Scale {
  /** The values that are written beside the picture; the first is at its foot, the last at its top. */
  marks: readonly number[];
  /** How high a value stands, from 0 to 1. */
  share(value: number): number;
}

const MARKS = 4;

export function linearScale(lines: readonly Line[]): Scale {
  const marks = valueMarks(maxOf(lines), MARKS);
  const top = marks.at(-1) ?? 1;
  return { marks, share: (value) => value / top };
}

/** Whole powers of ten; what is not above the lowest stands at the foot. For lines that lie far apart. */
export function logScale(lines: readonly Line[]): Scale {
  const [low, high] = [minOf(lines), maxOf(lines)].map((value) => Math.log10(Math.max(1, value))) as [number, number];
  const first = Math.floor(low);
  const powers = Math.max(1, Math.ceil(high) - first);
  const share = (value: number) => Math.max(0, Math.log10(Math.max(1, value)) - first) / powers;
  return { marks: Array.from({ length: powers + 1 }, (_, n) => 10 ** (first + n)), share };
}

const minOf = (lines: readonly Line[]): number =>
  lines.reduce((min, { values }) => values.reduce<number>((least, value) => Math.min(least, value ?? least), min), Number.MAX_SAFE_INTEGER);

export const maxOf = (lines: readonly Line[]): number =>
  lines.reduce((max, { values }) => values.reduce<number>((most, value) => Math.max(most, value ?? 0), max), 0);

export const stepsOf = (lines: readonly Line[]): number => Math.max(0, ...lines.map(({ values }) => values.length));

export const xOf = (index: number, steps: number, { left, width }: Area) => left + (steps <= 1 ? 0 : (index * width) / (steps - 1));

export const yOf = (value: number, { share }: Scale, area: Area) => area.top + area.height * (1 - share(value));

/** The step nearest to a place; undefined: there are none. */
export function stepAt(x: number, steps: number, { left, width }: Area): number | undefined {
  if (steps === 0) return undefined;
  const index = Math.round(((x - left) / width) * (steps - 1));
  return Math.min(steps - 1, Math.max(0, index));
}

/** Only the values without a neighbour: no line leads to them, so they are drawn as dots. */
export const aloneIn = (values: Line["values"]): Line["values"] =>
  values.map((value, index) => ((values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null ? value : null));

/** An SVG path through the values; a value alone between gaps is a short stroke, so that it is seen. joined: gaps are passed over. */
export function pathOf(values: Line["values"], scale: Scale, area: Area, joined = false): string {
  let path = "";
  let drawing = false;
  for (const [index, value] of values.entries()) {
    if (value === null) {
      drawing &&= joined;
      continue;
    }
    const x = xOf(index, values.length, area).toFixed(1);
    const y = yOf(value, scale, area).toFixed(1);
    path += drawing ? `L${x} ${y}` : `M${x} ${y}h0.1`;
    drawing = true;
  }
  return path;
}
