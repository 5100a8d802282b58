/**
 * CRLs: a million entries, a length that peers can read beside them, and what ten times the entries cost.
 *
 * @module
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { crlContenders } from "./crl-contenders.ts";
import { crlOf } from "./crls.ts";
import type { CrlMeasurement } from "./measure-crl.ts";
import { isInstalled, runScript, timeProgram } from "./processes.ts";
import { type Growth, growthTarget, printGrowth, printTable, type Section } from "./table.ts";

/** Measures and prints. `folder` is for the CRLs. */
export function measureCrls(folder: string): Section {
  console.log("\nCRLs: serial number and date of every entry\n");
  const write = (name: string, count: number, withReason: boolean) => {
    const file = join(folder, name);
    writeFileSync(file, crlOf(count, withReason));
    return file;
  };
  const million = write("million.crl", entries, false);
  const ours = runScript<CrlMeasurement>("measure-crl.ts", "cert-parser-core", million, String(entries));
  const reasons = write("million-reasons.crl", entries, true);
  const withReasons = runScript<CrlMeasurement>(
    "measure-crl.ts",
    "cert-parser-core",
    reasons,
    String(entries),
  );
  // asn1js, below both peers, stops at 10,000 elements unless it is told otherwise.
  const small = write("small.crl", fewEntries, false);
  const atPeersLength = Object.keys(crlContenders).map((contender) =>
    runScript<CrlMeasurement>("measure-crl.ts", contender, small, String(fewEntries)),
  );
  const rows: readonly Row[] = [
    ours,
    { ...withReasons, contender: "cert-parser-core, each with a reason" },
    ...atPeersLength,
    ...measureOpenssl(million),
  ];
  const secondsEach = (row: Row) => row.warmMs / row.entries / 1000;
  printTable(
    ["reader", "entries", "cold ms", "warm ms", "million a second", "times ours", "grown MiB", "peak MiB"],
    rows.map((row) => [
      row.contender,
      String(row.entries),
      row.coldMs.toFixed(1),
      row.warmMs.toFixed(1),
      (1e-6 / secondsEach(row)).toFixed(2),
      (secondsEach(row) / secondsEach(ours)).toFixed(1),
      row.grownMiB?.toFixed(0) ?? "",
      row.peakMiB?.toFixed(0) ?? "",
    ]),
  );

  console.log("\nGrowth: ten times the entries, in turns in one process\n");
  const growth = runScript<Growth>("growth-crl.ts");
  printGrowth("entries", growth);

  const rate = 1 / secondsEach(ours);
  return {
    results: { reading: rows, growth },
    targets: [
      {
        aim: "CRL of a million entries: at least 3 million entries a second",
        measured: `${(rate / 1e6).toFixed(2)} million`,
        met: rate >= 3e6,
      },
      {
        aim: "CRL of a million entries: memory grows by less than 50 MB beyond the input",
        measured: `${((ours.peakMiB * 2 ** 20) / 1e6).toFixed(0)} MB at the peak`,
        met: ours.peakMiB * 2 ** 20 < 50e6,
      },
      growthTarget("CRLs", growth),
    ],
  };
}

type Row = Omit<CrlMeasurement, "grownMiB" | "peakMiB"> & Partial<CrlMeasurement>;

function measureOpenssl(file: string): readonly Row[] {
  if (!isInstalled("openssl", "version")) {
    console.log("openssl is left out: it is not installed");
    return [];
  }
  const crl = ["crl", "-inform", "DER", "-in", file, "-noout"];
  return [
    ["openssl crl -noout", crl],
    ["openssl crl -noout -text", [...crl, "-text"]],
  ].map(([contender, args]) => {
    const ms = timeProgram("openssl", args as readonly string[], ["version"]);
    return { contender: contender as string, entries, coldMs: ms, warmMs: ms };
  });
}

const entries = 1_000_000;
const fewEntries = 2000;
