/**
 * Checks Document Signer certificates by the CSCA certificates of a Master List and by CRLs: passive authentication.
 *
 *     npx -c "node examples/src/check-document-signer.ts [SIGNERS [LIST]]"
 *
 * Signers and CRLs may be in any file that is read here. Without any, those of the fixtures are checked, on a day when they
 * were valid.
 *
 * @module
 */

import { readFile } from "node:fs/promises";
import {
  checkDocumentSigner,
  formatName,
  gatherAuthorities,
  judgeRevocationList,
  readBundle,
} from "cert-parser-core";
import { createNodeEngine, sha256 } from "cert-parser-core/node";
import { fixtureUrl } from "cert-parser-fixtures";

const [givenFile, listFile = fixtureUrl("world.ml")] = process.argv.slice(2);
const signersFile = givenFile ?? fixtureUrl("collection-001.ldif");
const objectsOf = async (file: string | URL) => (await readBundle(await readFile(file), { sha256 })).objects;
const [directory, lists] = [await objectsOf(signersFile), await objectsOf(listFile)];

// A list must be verified first, see verify-list.ts: whoever is among the authorities is trusted.
const authorities = gatherAuthorities(
  lists.flatMap(({ certificates }) => certificates),
  { engine: createNodeEngine() },
);
const at = givenFile === undefined ? new Date("2026-07-01T00:00:00Z") : new Date();
const crls = directory
  .flatMap((object) => object.crls)
  .map((crl) => judgeRevocationList(crl, { authorities, now: at }));
console.log(`${crls.filter(({ outcome }) => outcome === "accepted").length} of ${crls.length} CRLs apply`);

for (const certificate of directory.flatMap((object) => object.certificates)) {
  const { outcome, steps, revocation } = await checkDocumentSigner(certificate, { authorities, at, crls });
  const reasons = steps.filter(({ result }) => result === "failed").map(({ code }) => code);
  console.log(
    `${outcome}: ${formatName(certificate.subject)}, ${revocation?.status ?? "nobody to ask"}${
      reasons.length === 0 ? "" : ` (${reasons.join(", ")})`
    }`,
  );
}
