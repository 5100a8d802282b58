/**
 * Turns what was accepted of a bundle into the plain data that a store takes.
 *
 * @module
 */

import type { HeldBundle, SignedObject } from "../icao/bundle.ts";
import { deltaRemovals, isDelta } from "../policy/directory-delta.ts";
import type { Evidence } from "../policy/evidence.ts";
import type { ObjectJudgment } from "../policy/judgment.ts";
import type { Known } from "../policy/known.ts";
import { toCertificateRecord } from "../records/certificate-record.ts";
import { revokedCertificateRecords, toCrlRecord } from "../records/crl-record.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { CertificateEntry, CrlEntry, EditionEntry, Snapshot } from "./ports.ts";

/** What a bundle does not say about its run. */
export type SnapshotContext = Omit<
  Snapshot,
  "bundle" | "certificates" | "crls" | "editions" | "findings" | "rejections" | "removals" | "signers"
>;

/** Makes the snapshot of a bundle, of which at least something was accepted. */
export function takeSnapshot(bundle: HeldBundle, known: Known, context: SnapshotContext): Snapshot {
  const accepted = acceptedObjects(bundle, context.judgment.objects);
  const editions = accepted.flatMap(({ edition }) => edition ?? []);
  return {
    ...context,
    bundle,
    editions: editions.map(({ entry }) => entry),
    removals: removalsOf(bundle, known, accepted, context),
    certificates: accepted.flatMap(certificateEntries),
    crls: accepted.flatMap(crlEntries),
    signers: new Map(accepted.flatMap(({ evidence }) => [...(evidence?.signers ?? [])])),
    rejections: bundle.objects.flatMap((object) => object.rejections),
    findings: [...bundle.findings, ...bundle.objects.flatMap((object) => object.findings)],
  };
}

interface AcceptedObject {
  readonly object: SignedObject;
  readonly evidence: Evidence | undefined;
  /** Undefined for what stands by itself. */
  readonly edition: { readonly at: number; readonly entry: EditionEntry } | undefined;
}

function acceptedObjects(
  { objects }: HeldBundle,
  judgments: readonly ObjectJudgment[],
): readonly AcceptedObject[] {
  let editions = 0;
  return objects.flatMap((object, at): readonly AcceptedObject[] => {
    const judgment = judgments[at];
    if (judgment?.outcome !== "accepted") return [];
    const entry = editionEntry(object, judgment.evidence);
    const edition = entry && { at: editions++, entry };
    return [{ object, evidence: judgment.evidence, edition }];
  });
}

function editionEntry({ origin }: SignedObject, evidence: Evidence | undefined): EditionEntry | undefined {
  const { publisher = null, signingTime = null, level } = evidence ?? {};
  if (level !== "verified" || publisher === null || signingTime === null) return undefined;
  return { publisher, signingTime, origin: origin?.name ?? null };
}

/** Signed lists replace only what their publisher listed before; all else is told apart here. */
function removalsOf(
  bundle: HeldBundle,
  known: Known,
  accepted: readonly AcceptedObject[],
  { judgment }: SnapshotContext,
): Snapshot["removals"] {
  const isHeldBack = judgment.reasons.some(({ weight }) => weight !== "note");
  if (isHeldBack) return "nothing";
  if (isDelta(bundle)) return deltaRemovals(bundle, known);
  const loose = bundle.objects.filter(
    (object) => !accepted.some((each) => each.object === object && each.edition),
  );
  const isWhole = loose.every((object) => accepted.some((each) => each.object === object));
  return loose.some(holdsAnything) && isWhole ? "all" : "nothing";
}

/** CRLs alone take no certificate's place. */
function holdsAnything({ certificates, kind }: SignedObject): boolean {
  return certificates.length > 0 && kind !== "deviation-list";
}

function certificateEntries({ object, evidence, edition }: AcceptedObject): readonly CertificateEntry[] {
  return [...object.certificates, ...object.envelopeCertificates].flatMap((certificate) =>
    certificateEntry(certificate, evidence, edition?.at),
  );
}

function certificateEntry(
  certificate: Certificate,
  evidence: Evidence | undefined,
  edition: number | undefined,
): readonly CertificateEntry[] {
  const record = toCertificateRecord(certificate);
  const place = edition === undefined ? {} : { edition };
  if (evidence === undefined) return [{ der: certificate.der, record, ...place }];
  const standing = evidence.certificates.get(certificate.sha256);
  if (standing === undefined) return [{ der: certificate.der, record, level: evidence.level, ...place }];
  if (!standing.isHeld) return [];
  const { verdict, level } = standing;
  return [{ der: certificate.der, record: { ...record, verdict }, level, standing, ...place }];
}

function crlEntries({ object, evidence }: AcceptedObject): readonly CrlEntry[] {
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
