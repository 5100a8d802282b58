/**
 * LDIF: a file as large as ICAO's collection 001, read as a stream; and what ten times the entries cost.
 *
 * @module
 */

import { statSync } from "node:fs";
import { join } from "node:path";
import { writeLdif } from "./ldif-file.ts";
import { ldifReaders } from "./ldif-readers.ts";
import type { LdifMeasurement } from "./measure-ldif.ts";
import { median, runScript } from "./processes.ts";
import { type Growth, growthTarget, printGrowth, printTable, type Section } from "./table.ts";

/** Measures and prints. `folder` is for the files. */
export function measureLdif(folder: string): Section {
  const [short, long] = [join(folder, "short.ldif"), join(folder, "long.ldif")];
  writeLdif(short, entries / 10);
  writeLdif(long, entries);
  const megabytes = statSync(long).size / 1e6;
  console.log(
    `\nLDIF: ${megabytes.toFixed(1)} MB with ${entries} certificates, each reading in a process of its own\n`,
  );

  const reading = Object.keys(ldifReaders).map((reader) => measure(reader, long));
  const [ours, least] = reading;
  if (ours === undefined || least === undefined) throw new TypeError("a reader is missing");
  printTable(
    ["reader", "certificates", "ms", "MB a second", "times the least", "peak MiB"],
    reading.map((row) => [
      row.reader,
      String(row.certificates),
      row.ms.toFixed(0),
      ((megabytes * 1000) / row.ms).toFixed(0),
      (row.ms / least.ms).toFixed(2),
      row.peakMiB.toFixed(0),
    ]),
  );

  console.log("\nGrowth: ten times the entries, in turns in one process\n");
  const growth = runScript<Growth>("growth-ldif.ts", short, long);
  printGrowth("certificates", growth);

  const peak = (ours.peakMiB * 2 ** 20) / 1e6;
  return {
    results: { megabytes, reading, growth },
    targets: [
      {
        aim: "LDIF of 75 MB: peak memory under 250 MB",
        measured: `${peak.toFixed(0)} MB`,
        met: peak < 250,
      },
      {
        aim: "LDIF of 75 MB: under 3 times the time of splitting lines and decoding base64",
        measured: (ours.ms / least.ms).toFixed(2),
        met: ours.ms < 3 * least.ms,
      },
      growthTarget("LDIF", growth),
    ],
  };
}

/** Three processes: the median of their times, the most of their memory. */
function measure(reader: string, file: string): LdifMeasurement {
  const all = Array.from({ length: 3 }, () =>
    runScript<LdifMeasurement>("measure-ldif.ts", reader, file, String(entries)),
  );
  return {
    reader,
    certificates: entries,
    ms: median(all.map(({ ms }) => ms)),
    peakMiB: Math.max(...all.map(({ peakMiB }) => peakMiB)),
  };
}

const entries = 30_000;
