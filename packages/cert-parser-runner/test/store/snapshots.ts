/**
 * Snapshots made by hand: the store looks at records and bytes, and does not mind what the bytes are.
 *
 * @module
 */

import { createHash, randomUUID } from "node:crypto";
import type {
  BundleJudgment,
  CertificateEntry,
  CertificateRecord,
  CertificateStanding,
  Confirmation,
  CrlEntry,
  CrlRecord,
  CrlStanding,
  EditionEntry,
  Finding,
  JudgedPublisher,
  Rejection,
  Release,
  RevokedCertificateRecord,
  SignerInfo,
  Snapshot,
  Validators,
} from "cert-parser-core";
import { nameDer } from "./names.ts";

/** A certificate whose bytes follow from `name`; the record can be given other values. */
export function certificate(name: string, values: Partial<CertificateRecord> = {}): CertificateEntry {
  const der = Buffer.from(`certificate ${name}`);
  const issuerDer = nameDer([["2.5.4.6", "UT", 0x13]], [["2.5.4.3", `CSCA ${name}`]]).toString("hex");
  const record: CertificateRecord = {
    index: 0,
    sha256: sha256(der),
    bytes: der.length,
    foundIn: "list",
    origin: null,
    role: "csca",
    verdict: "unchecked",
    version: 3,
    serialNumber: "1a",
    issuer: `CN=CSCA ${name},C=UT`,
    subject: `CN=CSCA ${name},C=UT`,
    issuerDer,
    subjectDer: issuerDer,
    country: "UT",
    notBefore: "2020-01-01T00:00:00Z",
    notAfter: "2035-01-01T00:00:00Z",
    subjectKeyIdentifier: sha256(Buffer.from(`key of ${name}`)).slice(0, 40),
    authorityKeyIdentifier: null,
    signatureAlgorithm: "1.2.840.10045.4.3.2",
    publicKeyAlgorithm: "1.2.840.10045.2.1",
    publicKeySize: 256,
    publicKeyCurve: "P-256",
    findings: [],
    ...values,
  };
  return { der, record };
}

/** Certificates with these names, at the positions they have in the argument. */
export function certificates(...names: readonly string[]): CertificateEntry[] {
  return names.map((name, index) => certificate(name, { index }));
}

/** A CRL whose bytes follow from `name`, with these entries. */
export function crl(
  name: string,
  entries: Iterable<RevokedCertificateRecord>,
  values: Partial<CrlRecord> = {},
): CrlEntry {
  const der = Buffer.from(`crl ${name}`);
  const record: CrlRecord = {
    index: 0,
    sha256: sha256(der),
    bytes: der.length,
    foundIn: "envelope",
    origin: null,
    version: 2,
    scope: "full",
    issuer: `CN=CSCA ${name},C=ut`,
    issuerDer: nameDer([["2.5.4.6", "ut", 0x13]], [["2.5.4.3", `CSCA ${name}`]]).toString("hex"),
    country: "UT",
    thisUpdate: "2026-01-01T00:00:00Z",
    nextUpdate: "2026-04-01T00:00:00Z",
    crlNumber: "07",
    baseCrlNumber: null,
    authorityKeyIdentifier: null,
    authorityKey: null,
    issuerAltName: null,
    issuingDistributionPoint: null,
    freshestCRL: null,
    signatureAlgorithm: "1.2.840.10045.4.3.2",
    revokedCertificates: Array.isArray(entries) ? entries.length : 0,
    findings: [],
    ...values,
  };
  return { der, record, entries };
}

/** CRL entries with the serial numbers 1, 2, 3 ..., made while they are read. */
export function* revoked(count: number): Generator<RevokedCertificateRecord, void, undefined> {
  for (let serial = 1; serial <= count; serial++) {
    const hex = serial.toString(16);
    const even = hex.padStart(hex.length + (hex.length % 2), "0");
    yield {
      // A positive INTEGER whose first octet has its high bit set begins with a zero octet.
      serialNumber: Number.parseInt(even.slice(0, 2), 16) < 0x80 ? even : `00${even}`,
      revocationDate: "2025-06-01T12:00:00Z",
      reason: serial % 2 === 0 ? "keyCompromise" : null,
      invalidityDate: null,
      certificateIssuer: null,
    };
  }
}

/** A part that could not be read. */
export function rejection(name: string, index = 0): Rejection {
  const der = Buffer.from(`rejected ${name}`);
  return {
    kind: "certificate",
    foundIn: "list",
    index,
    offset: 100 * index,
    origin: undefined,
    der,
    sha256: sha256(der),
    reason: {
      code: "DER_TRUNCATED",
      message: `broken ${name}`,
      offset: 100 * index + 7,
      path: "Certificate",
    },
  };
}

/** A deviation at an offset. */
export function finding(offset: number, message = "serial number is negative"): Finding {
  return { code: "SERIAL_NEGATIVE", message, offset, clause: "RFC 5280, 4.1.2.2" };
}

/** A signer that names its certificate by key identifier, or by issuer and serial number where an issuer is given. */
export function signer(values: Partial<SignerInfo> = {}): SignerInfo {
  const algorithm = { algorithm: "2.16.840.1.101.3.4.2.1", parameters: undefined, der: new Uint8Array() };
  return {
    der: new Uint8Array(),
    offset: 0,
    version: 3,
    sid: { type: "subjectKeyIdentifier", subjectKeyIdentifier: Uint8Array.of(1, 2, 3) },
    digestAlgorithm: algorithm,
    signedAttrs: undefined,
    signatureAlgorithm: algorithm,
    signature: new Uint8Array(),
    unsignedAttrs: undefined,
    signingTime: new Date("2026-01-08T10:00:00Z"),
    ...values,
  };
}

/** What a snapshot is made of; the rest follows. */
export interface SnapshotParts {
  readonly source?: string;
  /** Distinguishes bundles: the same words are the same file. */
  readonly bundle?: string;
  readonly executionId?: string;
  readonly observedAt?: Date;
  readonly certificates?: readonly CertificateEntry[];
  readonly crls?: readonly CrlEntry[];
  readonly rejections?: readonly Rejection[];
  readonly findings?: readonly Finding[];
  readonly signers?: readonly SignerInfo[];
  /** Keys that turned out to have signed what was held before, by the SHA-256 of that. */
  readonly signedBy?: Snapshot["signers"];
  readonly validators?: Validators;
  readonly outcome?: BundleJudgment["outcome"];
  /** In place of one that has that outcome and no reasons. */
  readonly judgment?: BundleJudgment;
  readonly policy?: string;
  readonly revision?: number;
  readonly release?: Release;
  readonly editions?: readonly EditionEntry[];
  /** What stands by itself and is not given leaves, unless this says otherwise. */
  readonly removals?: Snapshot["removals"];
  readonly directories?: Snapshot["bundle"]["directories"];
}

/** A digest that follows from `name`. */
export function digestOf(name: string): string {
  return sha256(Buffer.from(name));
}

/** A publisher, known by its key `key NAME`. */
export function publisher(name: string, fields: Partial<JudgedPublisher> = {}): JudgedPublisher {
  return {
    keySha256: digestOf(`key ${name}`),
    country: "UT",
    subject: `CN=${name},C=UT`,
    certificateSha256: certificate(name).record.sha256,
    signerSha256: certificate(`signer of ${name}`).record.sha256,
    namedBy: "subjectKeyIdentifier",
    trust: "first-use",
    rolledFrom: null,
    links: [],
    contentSha256: digestOf(`content ${name}`),
    ...fields,
  };
}

/** A certificate with its standing; its key is named as it is itself. */
export function judged(
  name: string,
  standing: Partial<CertificateStanding> = {},
  values: Partial<CertificateRecord> = {},
): CertificateEntry {
  const { level = "verified", verdict = "root" } = standing;
  return {
    ...certificate(name, { verdict, ...values }),
    level,
    standing: {
      level,
      isHeld: true,
      verdict,
      keySha256: digestOf(`key ${name}`),
      issuerSha256: null,
      issuerKeySha256: verdict === "root" ? digestOf(`key ${name}`) : null,
      revokedBy: null,
      ...standing,
    },
  };
}

/** What a CRL was judged to be, signed by the key `key NAME`. */
export function crlStanding(name: string, verdict: CrlStanding["verdict"] = "accepted"): CrlStanding {
  return { verdict, steps: [], issuerKeySha256: digestOf(`key ${name}`) };
}

/** A signed list: who signed it, when, and what it holds. */
export interface SignedList {
  readonly by: JudgedPublisher;
  readonly signingTime: Date;
  readonly certificates: readonly CertificateEntry[];
}

/** A snapshot of accepted signed lists: each is an edition, and what stands by itself stays. */
export function signedSnapshot(lists: readonly SignedList[], parts: SnapshotParts = {}): Snapshot {
  const editions = lists.map(({ by, signingTime }) => ({ publisher: by, signingTime, origin: null }));
  const certificates = lists.flatMap((list, edition) =>
    list.certificates.map((entry) => ({ ...entry, edition })),
  );
  const objects = lists.map(({ by, signingTime }) => ({
    outcome: "accepted" as const,
    reasons: [],
    evidence: {
      level: "verified" as const,
      signingTime,
      publisher: by,
      edition: "current" as const,
      steps: [],
      certificates: new Map(),
      crls: new Map(),
    },
  }));
  return snapshot({
    judgment: { outcome: "accepted", reasons: [], objects },
    removals: "nothing",
    editions,
    ...parts,
    certificates: [...certificates, ...(parts.certificates ?? [])],
  });
}

/** A snapshot of one accepted Master List. */
export function snapshot(parts: SnapshotParts = {}): Snapshot {
  const bytes = Buffer.from(`bundle ${parts.bundle ?? "first"}`);
  const observedAt = parts.observedAt ?? new Date("2026-02-01T00:00:00Z");
  const { outcome = "accepted", policy = null, release = null, removals = "all", directories = [] } = parts;
  return {
    executionId: parts.executionId ?? randomUUID(),
    source: parts.source ?? "icao-masterlist",
    trigger: "manual",
    startedAt: new Date(observedAt.getTime() - 1000),
    observedAt,
    bundle: {
      kind: "master-list",
      bytes,
      byteLength: bytes.length,
      sha256: sha256(bytes),
      objects: [
        {
          kind: "master-list",
          offset: 0,
          origin: undefined,
          der: bytes,
          certificates: [],
          envelopeCertificates: [],
          crls: [],
          signers: parts.signers ?? [signer()],
          rejections: [],
          findings: [],
        },
      ],
      directories,
      findings: [],
    },
    validators: parts.validators ?? { etag: null, lastModified: null },
    judgment: parts.judgment ?? {
      outcome,
      reasons: [],
      objects: [{ outcome: outcome === "partial" ? "accepted" : outcome, reasons: [] }],
    },
    policy,
    revision: parts.revision ?? null,
    release,
    editions: parts.editions ?? [],
    removals,
    certificates: parts.certificates ?? [],
    crls: parts.crls ?? [],
    signers: parts.signedBy ?? new Map(),
    rejections: parts.rejections ?? [],
    findings: parts.findings ?? [],
  };
}

/** The confirmation of what a snapshot holds, a month later. */
export function confirmationOf(
  { source, bundle, observedAt, certificates }: Snapshot,
  values: Partial<Confirmation> = {},
): Confirmation {
  const seenAt = new Date(observedAt.getTime() + 30 * 24 * 60 * 60 * 1000);
  return {
    executionId: randomUUID(),
    source,
    trigger: "schedule",
    startedAt: new Date(seenAt.getTime() - 1000),
    observedAt: seenAt,
    bundleSha256: bundle.sha256,
    certificates: certificates.length,
    validators: null,
    ...values,
  };
}

/** Lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
