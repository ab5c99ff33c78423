const PER_LINE = 16;

/** More is not put on the page. */
export const HEX_MAX = 64 * 1024;

/** "00000010  68 65 6c 6c 6f …  |hello…|", a line for sixteen bytes. */
export function hexDump(raw: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < Math.min(raw.length, HEX_MAX); at += PER_LINE) lines.push(hexLine(at, raw.subarray(at, at + PER_LINE)));
  return lines.join("\n");
}

function hexLine(at: number, part: Uint8Array): string {
  const digits = Array.from(part, (byte) => byte.toString(16).padStart(2, "0"));
  const halves = `${digits.slice(0, 8).join(" ")}  ${digits.slice(8).join(" ")}`.padEnd(PER_LINE * 3);
  const letters = Array.from(part, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("");
  return `${at.toString(16).padStart(8, "0")}  ${halves}  |${letters}|`;
}
