/**
 * The keys of one CSCA: those that link certificates join.
 *
 * @module
 */

import type { Certificate } from "../x509/certificate.ts";
import { foldCountry, isAuthority } from "./authority-index.ts";
import type { CertificateJudgment } from "./certificate-verdict.ts";

/**
 * One CSCA, under all its keys and names: what a CRL of it speaks for (Doc 9303-12, 4.4). Not a country: China, Hong Kong
 * and Macao are three of the country CN.
 */
export interface CscaGroup {
  /** Of the certificates, in upper case; undefined where they name none. */
  readonly country: string | undefined;
  /** By the SHA-256 of the SubjectPublicKeyInfo, the oldest first. */
  readonly keys: ReadonlyMap<string, CscaKey>;
}

/** A key of a CSCA. */
export interface CscaKey {
  readonly keySha256: string;
  /** The earliest notBefore of its certificates: a link back to it comes later, those of Ireland and Japan among others. */
  readonly since: Date;
  /** In the order in which they were given, each once. */
  readonly certificates: readonly Certificate[];
}

/**
 * Groups CSCA keys: two are of one CSCA where one signed a certificate of the other in the same country. That the signing
 * key was past its usage period does not part them: one link in eight of ten lists is late, those of Latvia and Turkey
 * among others.
 */
export function cscaGroups(judgments: readonly CertificateJudgment[]): readonly CscaGroup[] {
  const keys = gatherKeys(judgments);
  const parents = new Map<string, string>();
  for (const judgment of judgments) {
    const { keySha256, issuerKeySha256 } = judgment;
    if (issuerKeySha256 === undefined || !isOfOneCsca(judgment)) continue;
    parents.set(rootOf(keySha256, parents), rootOf(issuerKeySha256, parents));
  }
  const groups = Map.groupBy(
    [...keys.values()].toSorted((a, b) => a.since.getTime() - b.since.getTime()),
    ({ keySha256 }) => rootOf(keySha256, parents),
  );
  return [...groups.values()].map(toGroup);
}

/** Whether a certificate says that its key and its issuer's are of one CSCA: a root, or a link within a country. */
export function isOfOneCsca({ certificate, verdict, issuer }: CertificateJudgment): boolean {
  if (!isAuthority(certificate) || issuer === undefined) return false;
  // Links between Bermuda and the United Kingdom are made by the same authority, for two states.
  return verdict === "root" || foldCountry(issuer.subject) === foldCountry(certificate.subject);
}

interface GrowingKey extends CscaKey {
  since: Date;
  readonly certificates: Certificate[];
}

/** The keys of the CSCA certificates, and of those issuers that are not among the certificates. */
function gatherKeys(judgments: readonly CertificateJudgment[]): ReadonlyMap<string, CscaKey> {
  const keys = new Map<string, GrowingKey>();
  const seen = new Set<string>();
  const add = (keySha256: string, certificate: Certificate) => {
    if (seen.has(certificate.sha256)) return;
    seen.add(certificate.sha256);
    const { notBefore } = certificate;
    const key = keys.get(keySha256) ?? { keySha256, since: notBefore, certificates: [] };
    keys.set(keySha256, key);
    key.certificates.push(certificate);
    if (notBefore < key.since) key.since = notBefore;
  };
  for (const { certificate, keySha256 } of judgments)
    if (isAuthority(certificate)) add(keySha256, certificate);
  for (const { issuer, issuerKeySha256 } of judgments) {
    if (issuer !== undefined && issuerKeySha256 !== undefined && isAuthority(issuer)) {
      add(issuerKeySha256, issuer);
    }
  }
  return keys;
}

/** The key that stands for the group of `keySha256`; shortens the way to it for the next time. */
function rootOf(keySha256: string, parents: Map<string, string>): string {
  let key = keySha256;
  for (let parent = parents.get(key); parent !== undefined && parent !== key; parent = parents.get(key)) {
    const grandparent = parents.get(parent);
    if (grandparent !== undefined) parents.set(key, grandparent);
    key = parent;
  }
  return key;
}

function toGroup(keys: readonly CscaKey[]): CscaGroup {
  const [certificate] = keys.flatMap(({ certificates }) => certificates);
  const country = certificate === undefined ? "" : foldCountry(certificate.subject);
  return {
    country: country === "" ? undefined : country,
    keys: new Map(keys.map((key) => [key.keySha256, key])),
  };
}
