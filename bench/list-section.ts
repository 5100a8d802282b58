/**
 * Lists to records: ours beside every peer, and what ten times the certificates cost.
 *
 * @module
 */

import { parseMasterList } from "cert-parser-core";
import { contenders } from "./contenders.ts";
import { measurePeers, type Reading } from "./list-peers.ts";
import { largestList } from "./lists.ts";
import { runScript } from "./processes.ts";
import { type Growth, growthTarget, printGrowth, printTable, type Section, type Target } from "./table.ts";

/** Measures and prints. `folder` is for files that peers read. */
export function measureLists(folder: string): Section {
  const { name, bytes } = largestList();
  console.log(`Lists: ${name} to full records\n`);
  const certificates = parseMasterList(bytes).certificates.map(({ der }) => der);
  const reading = [
    ...Object.keys(contenders).map((contender) => runScript<Reading>("measure.ts", contender)),
    ...measurePeers(certificates, folder),
  ];
  const [ours] = reading;
  if (ours === undefined) throw new TypeError("there are no contenders");
  printTable(
    ["reader", "certificates", "cold ms", "warm ms", "warm, times ours", "cold, times ours", "grown MiB"],
    reading.map((row) => [
      row.contender,
      String(row.certificates),
      row.coldMs.toFixed(1),
      row.warmMs.toFixed(2),
      (row.warmMs / ours.warmMs).toFixed(1),
      (row.coldMs / ours.coldMs).toFixed(1),
      row.grownMiB?.toFixed(0) ?? "",
    ]),
  );

  console.log("\nGrowth: the same reader, ten times the certificates, in turns in one process\n");
  const growth = runScript<Growth>("growth.ts");
  printGrowth("certificates", growth);

  const timesOurs = (contender: string) =>
    (reading.find((row) => row.contender === contender)?.warmMs ?? Number.NaN) / ours.warmMs;
  const atLeast = (times: number, contender: string): Target => ({
    aim: `list to records at least ${times} times as fast as ${contender}`,
    measured: timesOurs(contender).toFixed(1),
    met: timesOurs(contender) >= times,
  });
  return {
    results: {
      list: name,
      reading: reading.map((row) => ({ ...row, warmTimesOurs: row.warmMs / ours.warmMs })),
      growth,
    },
    targets: [
      atLeast(5, "node:crypto X509Certificate"),
      atLeast(100, "@peculiar/x509"),
      atLeast(100, "pkijs"),
      growthTarget("lists", growth),
    ],
  };
}
