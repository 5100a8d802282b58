/**
 * Verifies a Master List against CSCA certificates that are trusted, and tells every check that was made.
 *
 *     npx -c "node examples/src/verify-list.ts [FILE [ANCHOR...]]"
 *
 * Without a file it verifies the synthetic list of the fixtures; without an anchor, nobody vouches for the publisher.
 *
 * @module
 */

import { readFile } from "node:fs/promises";
import {
  countriesWithoutCsca,
  judgeCertificates,
  linkGraph,
  parseCertificate,
  parseMasterList,
  verifyMasterList,
} from "cert-parser-core";
import { createNodeEngine, sha256 } from "cert-parser-core/node";
import { fixtureUrl } from "cert-parser-fixtures";

const [file = fixtureUrl("world.ml"), ...anchorFiles] = process.argv.slice(2);
const engine = createNodeEngine();
const list = parseMasterList(await readFile(file), { sha256 });
const anchors = await Promise.all(
  anchorFiles.map(async (anchor) => parseCertificate(await readFile(anchor), { sha256 })),
);

const verdict = await verifyMasterList(list, {
  now: new Date(),
  engine,
  // To leave them out is another thing than to have none: an empty list of anchors is an error.
  ...(anchors.length === 0 ? {} : { anchors }),
});
for (const { step, result, code, message, rule } of verdict.steps) {
  console.log(`${result} ${step}${code === null ? "" : ` ${code}`}: ${message} (${rule})`);
}
console.log(
  `${verdict.outcome}; ${verdict.anchor === null ? "nobody vouches for the publisher" : "it ends at an anchor"}`,
);

if (verdict.outcome === "refused") {
  process.exitCode = 1;
} else {
  const judgments = judgeCertificates(list.certificates, { engine });
  for (const [name, judged] of Map.groupBy(judgments, (judgment) => judgment.verdict)) {
    console.log(`${judged.length} ${name}`);
  }
  const broken = linkGraph(judgments).flatMap(({ brokenLinks }) => brokenLinks);
  console.log(`${broken.length} links lead nowhere`);
  const lost = countriesWithoutCsca(judgments, verdict.signingTime ?? new Date());
  console.log(`countries without a valid CSCA certificate: ${lost.join(" ") || "none"}`);
}
