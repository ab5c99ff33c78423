import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { LIBRARIES } from "./libraries";

const decision = readFileSync("../../docs/decisions/0004-libraries.md", "utf8");

/** The row of what the page is made of: the build lists that. */
const PAGE = ["React", "TypeScript", "Vite", "Tailwind", "TanStack Query"];

const firstCells = [...decision.matchAll(/^\| ([^|]+?) \|/gm)].map((row) => row[1] ?? "").filter((cell) => cell !== "library" && cell !== "---");

const namesIn = (cell: string) => cell.split(/, | with Debian's /).map((name) => name.replace(/ \d[\d.]*$/, ""));

test("the libraries are those of the decision, and each has a licence", () => {
  expect(firstCells.flatMap(namesIn).toSorted()).toEqual([...LIBRARIES.map(({ name }) => name), ...PAGE].toSorted());
  expect(LIBRARIES.every(({ licence, use }) => licence !== "" && use !== "")).toBe(true);
});
