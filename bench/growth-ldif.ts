/**
 * Measures what ten times the LDIF costs, in a process of its own: `growth-ldif.ts SHORT LONG`. Prints one line of JSON.
 *
 * @module
 */

import { measureGrowth } from "./in-turns.ts";
import { ldifReaders } from "./ldif-readers.ts";

const [short = "", long = ""] = process.argv.slice(2);
const files = [short, long] as const;
const read = ldifReaders["cert-parser-core"];

const growth = await measureGrowth([3000, 30_000], (index) => read?.(files[index]), { warmUp: 1, rounds: 5 });
console.log(JSON.stringify(growth));
