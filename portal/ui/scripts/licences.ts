// The licences of what the build puts into the page: licences.json for the page to show, licences.txt with the texts,
// which their authors want to go with copies. Read from the bundle itself, so that neither can name too much or too little.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

interface Package {
  name: string;
  version: string;
  licence: string;
  text: string;
}

/** Its base rules are in the style sheet, without a file of the bundle that would tell. */
const IN_THE_STYLES = ["tailwindcss"];

/** Licences that ask for nothing: their packages may come without a text. */
const ASKING_NOTHING: ReadonlySet<string> = new Set(["Unlicense", "0BSD", "CC0-1.0"]);

const PACKAGE_FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;

export function licences(): Plugin {
  let root = "";
  return {
    name: "licences",
    apply: "build",
    configResolved(config) {
      root = config.root;
    },
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const files = Object.values(bundle).flatMap((file) => (file.type === "chunk" ? file.moduleIds : file.originalFileNames));
        const used = files.flatMap((file) => PACKAGE_FOLDER.exec(file.replace(/^\0/, ""))?.[0] ?? []);
        const folders = new Set([...used, ...IN_THE_STYLES.map((name) => `node_modules/${name}`)].map((folder) => absolute(root, folder)));
        const packages = [...folders].map(readPackage).toSorted((a, b) => (a.name < b.name ? -1 : 1));
        this.emitFile({ type: "asset", fileName: "licences.json", source: JSON.stringify(packages.map(({ text: _text, ...rest }) => rest)) });
        this.emitFile({ type: "asset", fileName: "licences.txt", source: packages.map(chapter).join("\n") });
      },
    },
  };
}

const absolute = (root: string, folder: string) => (folder.startsWith("/") ? folder : join(root, folder));

/** Throws, and so ends the build, where a package does not say its licence: then somebody has to look. */
function readPackage(folder: string): Package {
  const { name, version, license: licence } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.(md|txt))?$/i.test(entry));
  if (typeof licence !== "string") throw new Error(`${folder} is bundled and names no licence`);
  if (!file && !ASKING_NOTHING.has(licence)) throw new Error(`${folder} is bundled and has no text of its licence, ${licence}`);
  return { name, version, licence, text: file ? readFileSync(join(folder, file), "utf8").trim() : "The package has no text of it." };
}

const RULE = "-".repeat(80);

const chapter = ({ name, version, licence, text }: Package) => `${RULE}\n${name} ${version}, ${licence}\n${RULE}\n\n${text}\n`;
