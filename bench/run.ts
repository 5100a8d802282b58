/**
 * `npm run bench`: reads lists, CRLs and LDIF, and verifies, beside the peers, each in a process of its own, and prints ratios.
 *
 * `--only lists`, `crl`, `ldif` or `verdicts`, several times, for some of it. The same figures go as JSON to `bench/results.json`, or to
 * the file after `--json`.
 *
 * @module
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureCrls } from "./crl-section.ts";
import { measureLdif } from "./ldif-section.ts";
import { measureLists } from "./list-section.ts";
import { printTable, type Section } from "./table.ts";
import { measureVerdicts } from "./verdict-section.ts";

const sections: Readonly<Record<string, (folder: string) => Section>> = {
  lists: measureLists,
  crl: measureCrls,
  ldif: measureLdif,
  verdicts: measureVerdicts,
};
const { values } = parseArgs({
  options: { json: { type: "string" }, only: { type: "string", multiple: true } },
});
const wanted = values.only ?? Object.keys(sections);
for (const name of wanted) {
  if (sections[name] === undefined)
    throw new RangeError(`--only is one of ${Object.keys(sections).join(", ")}`);
}

const folder = mkdtempSync(join(tmpdir(), "cert-parser-bench-"));
try {
  run();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(): void {
  const [node, cpu] = [process.versions.node, cpus()[0]?.model];
  console.log(`Node ${node}, ${cpu}\n`);
  const measured = wanted.map((name) => [name, sections[name]?.(folder)] as const);
  const targets = measured.flatMap(([, section]) => section?.targets ?? []);
  console.log("\nAimed at\n");
  printTable(
    ["aim", "measured", ""],
    targets.map(({ aim, measured: figure, met }) => [aim, figure, met ? "met" : "NOT MET"]),
  );

  const results = Object.fromEntries(measured.map(([name, section]) => [name, section?.results]));
  const file = values.json ?? join(import.meta.dirname, "results.json");
  writeFileSync(file, `${JSON.stringify({ node, cpu, ...results, targets }, undefined, 2)}\n`);
  console.log(`\nThe same as JSON: ${file}`);
}
