/**
 * Measures what ten times the entries of a CRL cost, in a process of its own: `growth-crl.ts`. Prints one line of JSON.
 *
 * @module
 */

import { crlContenders } from "./crl-contenders.ts";
import { crlOf } from "./crls.ts";
import { measureGrowth } from "./in-turns.ts";

const counts = [100_000, 1_000_000] as const;
const crls = [crlOf(counts[0], false), crlOf(counts[1], false)] as const;
const read = crlContenders["cert-parser-core"];

const growth = await measureGrowth(counts, (index) => read?.(crls[index]), { warmUp: 2, rounds: 9 });
console.log(JSON.stringify(growth));
