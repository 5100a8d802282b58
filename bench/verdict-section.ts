/**
 * Verdicts on every certificate of a list: ours beside the bare verifying of the same signatures.
 *
 * @module
 */

import { largestList } from "./lists.ts";
import type { Verdicts } from "./measure-verdicts.ts";
import { runScript } from "./processes.ts";
import { printTable, type Section } from "./table.ts";

/** Measures and prints. */
export function measureVerdicts(): Section {
  const measured = runScript<Verdicts>("measure-verdicts.ts");
  const { certificates, signatures, verdicts, nodeMs, bareMs, bareWithKeysMs, portableMs } = measured;
  const counts = Object.entries(verdicts).map(([verdict, count]) => `${count} ${verdict}`);
  console.log(`\nVerdicts: ${largestList().name}, ${certificates} certificates: ${counts.join(", ")}\n`);
  const rows: readonly (readonly [string, number])[] = [
    ["verdicts, node:crypto's engine", nodeMs],
    ["verdicts, portable engine", portableMs],
    [`crypto.verify of the ${signatures} signatures, keys made before`, bareMs],
    [`crypto.verify of the ${signatures} signatures, keys made in each run`, bareWithKeysMs],
  ];
  printTable(
    ["", "ms", "times bare"],
    rows.map(([what, ms]) => [what, ms.toFixed(0), (ms / bareMs).toFixed(2)]),
  );
  return {
    results: measured,
    targets: [
      {
        aim: "verdicts on every certificate at most 1.3 times the bare verifying of their signatures",
        measured: measured.timesBare.toFixed(2),
        met: measured.timesBare <= 1.3,
      },
    ],
  };
}
