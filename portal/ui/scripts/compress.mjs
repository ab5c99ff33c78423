// Writes a .gz and a .br beside every text file of a folder, so that the portal sends bytes that were
// compressed once, at the best level, and never compresses while it serves.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const COMPRESSIBLE = /\.(html|js|css|svg|json|txt|webmanifest)$/;

const folder = process.argv[2];
if (!folder) {
  console.error("usage: compress.mjs FOLDER");
  process.exit(64);
}

const totals = { files: 0, plain: 0, gzip: 0, brotli: 0 };
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !COMPRESSIBLE.test(entry.name)) continue;
  const path = join(entry.parentPath ?? entry.path, entry.name);
  const plain = readFileSync(path);
  const gzip = gzipSync(plain, { level: 9 });
  const brotli = brotliCompressSync(plain, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
    },
  });
  writeFileSync(`${path}.gz`, gzip);
  writeFileSync(`${path}.br`, brotli);
  totals.files += 1;
  totals.plain += plain.length;
  totals.gzip += gzip.length;
  totals.brotli += brotli.length;
}
const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
console.log(`${totals.files} files: ${kb(totals.plain)}, gzip ${kb(totals.gzip)}, brotli ${kb(totals.brotli)}`);
