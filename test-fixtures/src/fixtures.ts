/**
 * Finds and reads the fixture files, wherever the package is installed.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import type { FixtureCertificate, FixtureManifest } from "./manifest.ts";

/** The files, by name. */
export const fixtureNames = [
  "world.ml",
  "next.ml",
  "shrunk.ml",
  "crl-envelope.ml",
  "one-bad.ml",
  "empty.ml",
  "truncated.ml",
  "bare.der",
  "ber.ml",
  "issuer-serial.ml",
  "duplicates.ml",
  "certificate.der",
  "list.crl",
  "text.txt",
  "html-error.html",
  "rarities.ml",
  "not-der.ml",
  "two-signers.ml",
  "list-version-1.ml",
  "trailing.ml",
  "unsorted.ml",
  "signer-alone.ml",
  "signer-without-ski.ml",
  "sid-respelled.ml",
  "csca-signed.ml",
  "rare-crls.ml",
  "certificates.pem",
  "list.b64",
  "list.pem",
  "bundle.p7b",
  "bundle-ber.p7b",
  "list.zip",
  "collection-001.ldif",
  "collection-002.ldif",
  "delta.ldif",
  "delta-empty.ldif",
  "deviations.dl",
  "rollover-before.ml",
  "rollover-after.ml",
  "rollover-unlinked.ml",
  "rollover-witness.ml",
  "rogue-link.ml",
  "no-signed-attributes.ml",
  "attribute-twice.ml",
  "content-swapped.ml",
  "signer-without-purpose.ml",
  "signer-expired.ml",
  "from-the-future.ml",
  "decoy.ml",
  "rogue-envelope.ml",
  "exponent-3-forgery.ml",
  "altered-curve.ml",
  "altered-curve.cer",
  "list-with-rogue.p7b",
  "list-and-rogue.zip",
] as const;

/** Name of a fixture file. */
export type FixtureName = (typeof fixtureNames)[number];

/** Where a fixture file is. */
export function fixtureUrl(name: FixtureName): URL {
  return fileUrl(name);
}

/** The bytes of a fixture file: a fresh copy on each call. */
export function readFixture(name: FixtureName): Uint8Array {
  return new Uint8Array(readFileSync(fixtureUrl(name)));
}

/** The known answers about every file. Read anew on each call. */
export function readManifest(): FixtureManifest {
  return JSON.parse(readFileSync(fileUrl("manifest.json"), "utf8")) as FixtureManifest;
}

/** The known answers about every certificate in any of the files, signers included. Read anew on each call. */
export function readCertificates(): readonly FixtureCertificate[] {
  return JSON.parse(readFileSync(fileUrl("certificates.json"), "utf8")) as readonly FixtureCertificate[];
}

/**
 * The known answers about the certificates of a list, in list order; null stands for an element that is not a
 * certificate. Throws TypeError if the file is no list.
 */
export function readListedCertificates(name: FixtureName): readonly (FixtureCertificate | null)[] {
  const { list } = readManifest().files.find((file) => file.name === name) ?? {};
  if (list === undefined) throw new TypeError(`${name} is not a list`);
  const byName = new Map(readCertificates().map((certificate) => [certificate.name, certificate]));
  return list.listed.map((listed) => (listed === null ? null : (byName.get(listed) ?? null)));
}

/** A committed test key, PKCS#8 in PEM, by the `key` or `signerKey` of a certificate. Throws if there is none. */
export function readKey(name: string): string {
  return readFileSync(fileUrl(`keys/${name}.pem`), "utf8");
}

function fileUrl(name: string): URL {
  return new URL(`../files/${name}`, import.meta.url);
}
