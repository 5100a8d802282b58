/**
 * Measures one reader of LDIF in a process of its own: `measure-ldif.ts READER FILE ENTRIES`. Prints one line of JSON.
 *
 * @module
 */

import { ldifReaders } from "./ldif-readers.ts";

/** What one process measured. */
export interface LdifMeasurement {
  readonly reader: string;
  readonly certificates: number;
  readonly ms: number;
  /** The most that was resident in the whole life of the process. */
  readonly peakMiB: number;
}

const [reader = "", file = "", count = ""] = process.argv.slice(2);
const read = ldifReaders[reader];
if (read === undefined) throw new Error(`no reader is called ${JSON.stringify(reader)}`);

const begun = performance.now();
const certificates = await read(file);
const ms = performance.now() - begun;
if (certificates !== Number(count)) throw new Error(`${certificates} certificates of ${count} were found`);

const measurement: LdifMeasurement = {
  reader,
  certificates,
  ms,
  peakMiB: process.resourceUsage().maxRSS / 2 ** 10,
};
console.log(JSON.stringify(measurement));
