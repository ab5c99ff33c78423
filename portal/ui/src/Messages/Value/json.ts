// JSON as it was written: a number that a browser would round keeps its digits.

/** A number's own text, where the number read from it would print another. */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** undefined: the text is no JSON, or nothing that a tree would make clearer. */
export function parseJson(text: string): { value: object } | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return { value: JSON.parse(text, keepNumber as Parameters<typeof JSON.parse>[1]) };
  } catch {
    return undefined;
  }
}

/** Browsers that do not give the source (before 2025) show the number they read. */
function keepNumber(_name: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || context?.source === undefined || context.source === String(value)) return value;
  return new ExactNumber(context.source);
}
