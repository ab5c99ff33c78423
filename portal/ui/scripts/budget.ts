// The page's weight, checked at each build: JavaScript as it travels, gzipped. A build over a budget fails.
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

interface Budget {
  /** Of what the page cannot begin without; the first screen comes with it. */
  firstScreenMax: number;
  allMax: number;
}

const kb = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;

export function budget({ firstScreenMax, allMax }: Budget): Plugin {
  return {
    name: "budget",
    apply: "build",
    enforce: "post",
    // Behind compression and renaming: what is weighed is what is written.
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const sizes = new Map<string, number>();
        const imports = new Map<string, string[]>();
        const starts: string[] = [];
        for (const file of Object.values(bundle)) {
          if (!file.fileName.endsWith(".js")) continue;
          // Workers are assets here, bundled by themselves.
          const code = file.type === "chunk" ? file.code : file.source;
          sizes.set(file.fileName, gzipSync(code, { level: 9 }).length);
          if (file.type !== "chunk") continue;
          imports.set(file.fileName, file.imports);
          if (file.isEntry) starts.push(file.fileName);
        }
        const first = sum(reachable(starts, imports), sizes);
        const all = sum(sizes.keys(), sizes);
        if (first > firstScreenMax) this.error(`the first screen takes ${kb(first)} of JavaScript, ${kb(firstScreenMax)} may be`);
        if (all > allMax) this.error(`the page takes ${kb(all)} of JavaScript, ${kb(allMax)} may be`);
        this.info(`JavaScript, gzipped: first screen ${kb(first)} of ${kb(firstScreenMax)}, all ${kb(all)} of ${kb(allMax)}`);
      },
    },
  };
}

/** These files and all that they cannot begin without. */
function reachable(starts: readonly string[], imports: ReadonlyMap<string, readonly string[]>): Set<string> {
  const reached = new Set(starts);
  for (const file of reached) {
    for (const next of imports.get(file) ?? []) reached.add(next);
  }
  return reached;
}

function sum(files: Iterable<string>, sizes: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const file of files) total += sizes.get(file) ?? 0;
  return total;
}
