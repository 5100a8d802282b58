/**
 * Turns an accepted bundle into the plain data that a store takes.
 *
 * @module
 */

import type { HeldBundle, SignedObject } from "../icao/bundle.ts";
import type { Evidence } from "../policy/evidence.ts";
import { toCertificateRecord } from "../records/certificate-record.ts";
import { revokedCertificateRecords, toCrlRecord } from "../records/crl-record.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { CertificateEntry, CrlEntry, Snapshot } from "./ports.ts";

/** What a bundle does not say about its run. */
export type SnapshotContext = Omit<Snapshot, "bundle" | "certificates" | "crls" | "rejections" | "findings">;

/** Makes the snapshot of a bundle, all of whose objects were accepted. */
export function takeSnapshot(bundle: HeldBundle, context: SnapshotContext): Snapshot {
  const { objects } = bundle;
  const judged = objects.map((object, at) => ({ object, evidence: context.judgments[at]?.evidence }));
  return {
    ...context,
    bundle,
    certificates: judged.flatMap(certificateEntries),
    crls: judged.flatMap(crlEntries),
    rejections: objects.flatMap((object) => object.rejections),
    findings: [...bundle.findings, ...objects.flatMap((object) => object.findings)],
  };
}

interface JudgedObject {
  readonly object: SignedObject;
  readonly evidence: Evidence | undefined;
}

function certificateEntries({ object, evidence }: JudgedObject): readonly CertificateEntry[] {
  return [...object.certificates, ...object.envelopeCertificates].map((certificate) =>
    certificateEntry(certificate, evidence),
  );
}

function certificateEntry(certificate: Certificate, evidence: Evidence | undefined): CertificateEntry {
  const entry = { der: certificate.der, record: toCertificateRecord(certificate) };
  if (evidence === undefined) return entry;
  const standing = evidence.certificates.get(certificate.sha256);
  if (standing === undefined) return { ...entry, level: evidence.level };
  const { verdict, level } = standing;
  return { der: entry.der, record: { ...entry.record, verdict }, level, standing };
}

function crlEntries({ object, evidence }: JudgedObject): readonly CrlEntry[] {
  return object.crls.map((crl) => {
    const standing = evidence?.crls.get(crl.sha256);
    return {
      der: crl.der,
      record: toCrlRecord(crl),
      entries: revokedCertificateRecords(crl),
      ...(standing === undefined ? {} : { standing }),
    };
  });
}
