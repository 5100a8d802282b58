/**
 * The certificates of one CSCA of the synthetic world, with keys and signatures that are real: the store derives from them.
 *
 * @module
 */

import {
  type CertificateEntry,
  type CertificateJudgment,
  type CrlEntry,
  judgeCertificates,
  parseMasterList,
  toCertificateRecord,
} from "cert-parser-core";
import { createNodeEngine } from "cert-parser-core/node";
import { readFixture } from "cert-parser-fixtures";
import { crl } from "./snapshots.ts";

/** Two roots, and the link by which the older key signed the newer one. */
export interface Family {
  readonly oldRoot: CertificateEntry;
  readonly newRoot: CertificateEntry;
  readonly link: CertificateEntry;
  /** SHA-256 of the keys. */
  readonly oldKey: string;
  readonly newKey: string;
}

/** The family of a country that rolled over once. */
export function realFamily(country = "XB"): Family {
  const certificates = [...parseMasterList(readFixture("world.ml")).certificates].filter(
    (certificate) => certificate.country === country,
  );
  const judgments = judgeCertificates(certificates, { engine: createNodeEngine() });
  const link = judgments.find(
    ({ verdict, keySha256, issuerKeySha256 }) => verdict === "link" && keySha256 !== issuerKeySha256,
  );
  const rootOf = (key: string | undefined) =>
    judgments.find(({ verdict, keySha256 }) => verdict === "root" && keySha256 === key);
  const [oldRoot, newRoot] = [rootOf(link?.issuerKeySha256), rootOf(link?.keySha256)];
  if (link === undefined || oldRoot === undefined || newRoot === undefined) {
    throw new Error(`${country} has no rollover in world.ml`);
  }
  return {
    oldRoot: entryOf(oldRoot, 0),
    newRoot: entryOf(newRoot, 1),
    link: entryOf(link, 2),
    oldKey: oldRoot.keySha256,
    newKey: newRoot.keySha256,
  };
}

/** An accepted CRL of a key, which revokes these certificates. Its bytes follow from `name`. */
export function acceptedCrl(
  name: string,
  keySha256: string,
  thisUpdate: string,
  revoked: readonly CertificateEntry[],
): CrlEntry {
  const entries = revoked.map(({ record: { serialNumber } }) => ({
    serialNumber,
    revocationDate: "2026-01-15T00:00:00Z",
    reason: "keyCompromise" as const,
    invalidityDate: null,
    certificateIssuer: null,
  }));
  const crlNumber = thisUpdate.replaceAll(/\D/g, "").slice(0, 8);
  return {
    ...crl(name, entries, { thisUpdate, crlNumber }),
    standing: { verdict: "accepted", steps: [], issuerKeySha256: keySha256 },
  };
}

function entryOf(judgment: CertificateJudgment, index: number): CertificateEntry {
  const { certificate, verdict, keySha256, issuerSha256 = null, issuerKeySha256 = null } = judgment;
  const record = { ...toCertificateRecord(certificate), foundIn: "list" as const, index, verdict };
  const standing = {
    level: "verified" as const,
    isHeld: true,
    verdict,
    keySha256,
    issuerSha256,
    issuerKeySha256,
    revokedBy: null,
  };
  return { der: certificate.der, record, level: "verified", standing };
}
