/**
 * A small state's certificates, lists and CRLs as files, made anew by the fixtures' builders.
 *
 * @module
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type BuiltCertificate,
  buildCertificate,
  buildDeviationList,
  buildMasterList,
  buildRevocationList,
  type CertificateOptions,
  cscaOptions,
  documentSignerOptions,
  encodeLdif,
  extendedKeyUsage,
  generateKeyPair,
  type HashName,
  listSignerOptions,
  type NameInput,
  type RevocationListOptions,
  withExtension,
} from "cert-parser-fixtures/builders";

/** When everything of this world is in force: what commands are given as `--at`. */
export const at = "2024-06-15T00:00:00Z";
/** When its lists are signed. */
export const signingTime = "2024-05-01T00:00:00Z";

/** A directory that goes with the process's test. */
export interface Scratch {
  readonly directory: string;
  /** Writes a file, and gives its path. */
  file(name: string, bytes: Uint8Array | string): string;
  remove(): void;
}

export function createScratch(): Scratch {
  const directory = mkdtempSync(join(tmpdir(), "cert-parser-world-"));
  return {
    directory,
    file(name, bytes) {
      const path = join(directory, name);
      writeFileSync(path, bytes);
      return path;
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

export function makeCsca(country = "UT"): BuiltCertificate {
  return buildCertificate(
    cscaOptions({
      subject: nameOf(country, "CSCA"),
      key: makeKey(),
      notBefore: "2020-01-01T00:00:00Z",
      notAfter: "2119-01-01T00:00:00Z",
      keyNotAfter: "2025-01-01T00:00:00Z",
      serialNumber: 1,
    }),
  );
}

export function makeDocumentSigner(
  issuer: BuiltCertificate,
  serialNumber = 77,
  country = "UT",
): BuiltCertificate {
  return buildCertificate(
    documentSignerOptions({
      subject: nameOf(country, "Document Signer"),
      key: makeKey(),
      notBefore: "2024-01-01T00:00:00Z",
      notAfter: "2034-01-01T00:00:00Z",
      serialNumber,
      issuer,
    }),
  );
}

export function makeCrl(issuer: BuiltCertificate, changes: Partial<RevocationListOptions> = {}): Uint8Array {
  const dates = { thisUpdate: "2024-06-01T00:00:00Z", nextUpdate: "2024-08-30T00:00:00Z" };
  return buildRevocationList({ issuer, ...dates, ...changes }).der;
}

/** A list of the CSCA, and of others, by a signer that it issued. */
export function makeList(
  csca: BuiltCertificate,
  {
    listed = [csca],
    signedAt = signingTime,
    change = (same) => same,
    country = "UT",
    hash = "SHA-256",
  }: {
    readonly listed?: readonly BuiltCertificate[];
    readonly signedAt?: string;
    readonly change?: (options: CertificateOptions) => CertificateOptions;
    readonly country?: string;
    readonly hash?: HashName;
  } = {},
): Uint8Array {
  const signer = makeListSigner(csca, change, country);
  return buildMasterList({
    certificates: listed.map(({ der }) => der),
    envelopeCertificates: [signer.der, csca.der],
    signers: [{ certificate: signer, signingTime: signedAt, signatureAlgorithm: { scheme: "ecdsa", hash } }],
  }).der;
}

/** A Deviation List whose signer's key purpose is not critical, as Estonia's. */
export function makeDeviationList(csca: BuiltCertificate): Uint8Array {
  const signer = makeListSigner(csca, withPurpose("2.23.136.1.1.8"), "UT");
  return buildDeviationList({
    deviations: [{ descriptions: [{ deviationType: "2.23.136.1.1.7.1.1" }] }],
    envelopeCertificates: [signer.der, csca.der],
    signers: [{ certificate: signer, signingTime }],
  }).der;
}

/** Has the signer's key purpose not critical. */
export function withPurpose(purpose: string): (options: CertificateOptions) => CertificateOptions {
  return (options) => ({
    ...options,
    extensions: withExtension(options.extensions ?? [], extendedKeyUsage([purpose], { critical: false })),
  });
}

/** A directory of signed lists as ICAO publishes it. */
export function makeListDirectory(lists: readonly Uint8Array[]): string {
  return encodeLdif(
    lists.map((value, index) => ({
      dn: `cn=CSCA Master List ${index},o=ml,c=UT,dc=data,dc=download,dc=pkd,dc=icao,dc=int`,
      lines: [{ name: "pkdMasterListContent", value }],
    })),
  );
}

/** A directory of values as ICAO publishes them. */
export function makeDirectory(certificates: readonly Uint8Array[], crls: readonly Uint8Array[] = []): string {
  const base = "o=dsc,c=UT,dc=data,dc=download,dc=pkd,dc=icao,dc=int";
  return encodeLdif([
    ...certificates.map((value, index) => ({
      dn: `cn=signer+sn=${index},${base}`,
      lines: [{ name: "userCertificate;binary", value }],
    })),
    ...crls.map((value, index) => ({
      dn: `cn=crl${index},${base}`,
      lines: [{ name: "certificateRevocationList;binary", value }],
    })),
  ]);
}

function makeListSigner(
  issuer: BuiltCertificate,
  change: (options: CertificateOptions) => CertificateOptions,
  country: string,
): BuiltCertificate {
  return buildCertificate(
    change(
      listSignerOptions({
        subject: nameOf(country, "Master List Signer"),
        key: makeKey(),
        notBefore: "2023-01-01T00:00:00Z",
        notAfter: "2025-07-01T00:00:00Z",
        serialNumber: 50,
        issuer,
      }),
    ),
  );
}

function nameOf(country: string, commonName: string): NameInput {
  return [
    { type: "C", value: country },
    { type: "CN", value: `${commonName} ${country}` },
  ];
}

function makeKey() {
  return generateKeyPair({ kind: "ec", curve: "P-256" });
}
