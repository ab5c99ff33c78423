// Where a text stops being JSON. The browsers' own parsers tell it in different ways, and of short texts not at all.

// A string without what may not stand in it: control characters (\p{Cc} has a few more, which are taken back) and wrong escapes.
const STRING = String.raw`"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"`;
const NUMBER = String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+\-]?\d+)?(?![\w.])`;
const SPACE = /[ \t\n\r]*/y;
const NAME = new RegExp(STRING, "yu");
const SCALAR = new RegExp(String.raw`${STRING}|${NUMBER}|(?:true|false|null)(?!\w)`, "yu");

/** What stands next: a value, or an end where there may be none; the name of a member; a comma or an end. */
type Expected = "value" | "first element" | "name" | "first name" | "colon" | "after value";

interface Step {
  next: Expected;
  length: number;
  opens?: "[" | "{";
  closes?: true;
}

/** The offset of the first character that cannot stand there (the text's length: its end is missing); undefined: all is well. */
export function jsonFault(text: string): number | undefined {
  const open: string[] = [];
  let expected: Expected = "value";
  let at = matchLength(SPACE, text, 0);
  for (;;) {
    if (expected === "after value" && open.length === 0) return at === text.length ? undefined : at;
    const step = stepAt(text, at, expected, open.at(-1));
    if (!step) return at;
    if (step.opens) open.push(step.opens);
    if (step.closes) open.pop();
    expected = step.next;
    at += step.length;
    at += matchLength(SPACE, text, at);
  }
}

function stepAt(text: string, at: number, expected: Expected, within: string | undefined): Step | undefined {
  const character = text[at];
  switch (expected) {
    case "name":
    case "first name":
      if (character === "}" && expected === "first name") return { next: "after value", length: 1, closes: true };
      return stepOver(matchLength(NAME, text, at), "colon");
    case "colon":
      return character === ":" ? { next: "value", length: 1 } : undefined;
    case "after value":
      if (character === ",") return { next: within === "{" ? "name" : "value", length: 1 };
      return character === (within === "{" ? "}" : "]") ? { next: "after value", length: 1, closes: true } : undefined;
    case "first element":
    case "value":
      if (character === "]" && expected === "first element") return { next: "after value", length: 1, closes: true };
      if (character === "[") return { next: "first element", length: 1, opens: "[" };
      if (character === "{") return { next: "first name", length: 1, opens: "{" };
      return stepOver(matchLength(SCALAR, text, at), "after value");
  }
}

const stepOver = (length: number, next: Expected): Step | undefined => (length > 0 ? { next, length } : undefined);

function matchLength(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}
