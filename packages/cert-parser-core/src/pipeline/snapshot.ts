/**
 * Turns an accepted bundle into the plain data that a store takes.
 *
 * @module
 */

import type { HeldBundle } from "../icao/bundle.ts";
import { toCertificateRecord } from "../records/certificate-record.ts";
import { revokedCertificateRecords, toCrlRecord } from "../records/crl-record.ts";
import type { Snapshot } from "./ports.ts";

/** What a bundle does not say about its run. */
export type SnapshotContext = Omit<Snapshot, "bundle" | "certificates" | "crls" | "rejections" | "findings">;

/** Makes the snapshot of a bundle, all of whose objects were accepted. */
export function takeSnapshot(bundle: HeldBundle, context: SnapshotContext): Snapshot {
  const { objects } = bundle;
  return {
    ...context,
    bundle,
    certificates: objects
      .flatMap((object) => [...object.certificates, ...object.envelopeCertificates])
      .map((certificate) => ({ der: certificate.der, record: toCertificateRecord(certificate) })),
    crls: objects
      .flatMap((object) => object.crls)
      .map((crl) => ({ der: crl.der, record: toCrlRecord(crl), entries: revokedCertificateRecords(crl) })),
    rejections: objects.flatMap((object) => object.rejections),
    findings: [...bundle.findings, ...objects.flatMap((object) => object.findings)],
  };
}
