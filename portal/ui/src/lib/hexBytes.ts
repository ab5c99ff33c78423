// Bytes as a person types them: pairs of hexadecimal digits, with blanks and line breaks anywhere between the pairs.

export type HexBytes = { bytes: Uint8Array<ArrayBuffer> } | { why: string };

export function parseHex(text: string): HexBytes {
  const wrong = /[^0-9a-f\s]|(?<=(?:^|\s)(?:[0-9a-f]{2})*)[0-9a-f](?=\s|$)/i.exec(text);
  if (wrong) return { why: `${faultOf(wrong[0])}, ${placeIn(text, wrong.index)}` };
  const digits = text.replace(/\s/g, "");
  const bytes = new Uint8Array(digits.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16);
  return { bytes };
}

const faultOf = (found: string) => (/[0-9a-f]/i.test(found) ? `"${found}" is half a byte` : `"${found}" is no hexadecimal digit`);

/** "line 2, column 5", counted from 1. */
export function placeIn(text: string, offset: number): string {
  const lines = text.slice(0, offset).split("\n");
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}

const PER_LINE = 16;

/** "68 65 6c", sixteen a line. */
export function hexText(bytes: Uint8Array): string {
  const pairs = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  const lines = Array.from({ length: Math.ceil(pairs.length / PER_LINE) }, (_, line) =>
    pairs.slice(line * PER_LINE, (line + 1) * PER_LINE).join(" "),
  );
  return lines.join("\n");
}
