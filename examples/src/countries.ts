/**
 * Reads a Master List and prints its countries, with how many certificates each has.
 *
 *     npx -c "node examples/src/countries.ts [FILE]"
 *
 * Only `cert-parser-core` is used. Without a file it reads the synthetic list of the fixtures.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { parseMasterList, toCertificateRecord } from "cert-parser-core";
import { fixtureUrl } from "cert-parser-fixtures";

const file = process.argv[2] ?? fixtureUrl("world.ml");
const list = parseMasterList(readFileSync(file));

const counts = new Map<string, number>();
for (const certificate of list.certificates) {
  const country = toCertificateRecord(certificate).country ?? "(none)";
  counts.set(country, (counts.get(country) ?? 0) + 1);
}

for (const [country, count] of [...counts].sort()) console.log(`${country.padEnd(6)} ${count}`);
console.log(
  `${list.certificates.length} certificates, ${counts.size} countries, ${list.rejections.length} rejected`,
);
