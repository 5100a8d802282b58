/**
 * Measures what ten times the certificates cost, in a process of its own: `growth.ts`. Prints one line of JSON.
 *
 * @module
 */

import { parseMasterList } from "cert-parser-core";
import { contenders } from "./contenders.ts";
import { measureGrowth } from "./in-turns.ts";
import { largestList, listOf } from "./lists.ts";

const counts = [500, 5000] as const;
const real = parseMasterList(largestList().bytes).certificates.map(({ der }) => der);
const lists = [listOf(real, counts[0]), listOf(real, counts[1])] as const;
const read = contenders["cert-parser-core"];

const growth = await measureGrowth(counts, (index) => read?.(lists[index], []), { warmUp: 10, rounds: 31 });
console.log(JSON.stringify(growth));
