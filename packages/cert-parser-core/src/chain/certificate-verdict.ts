/**
 * What the signature of each certificate says of it: whose key made it, as far as that is known.
 *
 * @module
 */

import { createPortableEngine } from "../signatures/portable-engine.ts";
import type { SignatureEngine } from "../signatures/signature-engine.ts";
import type { Leniency } from "../signatures/verdict.ts";
import type { Certificate } from "../x509/certificate.ts";
import { foldName } from "../x509/name.ts";
import { roleOf } from "../x509/role.ts";
import { type AuthorityIndex, certificateKeySha256, indexAuthorities } from "./authority-index.ts";
import { type BoundedSignatures, createBoundedSignatures } from "./bounded-signatures.ts";
import {
  findIssuer,
  type IssuerFound,
  type IssuerMatch,
  type IssuerNotFound,
  type IssuerSearch,
  issuedCertificate,
  ownKeyOf,
} from "./issuer-search.ts";
import { budgetFor } from "./work-budget.ts";

/** What the signature of a certificate says of it. Reading looks at none: `unchecked`, until it is judged. */
export type CertificateVerdict =
  | "root"
  | "link"
  | "issuer-absent"
  | "signature-invalid"
  | "algorithm-unsupported"
  | "unchecked";

/** One certificate, and what was found of its issuer. None of this drops it from a list that is properly signed. */
export interface CertificateJudgment {
  readonly certificate: Certificate;
  /** SHA-256 of its own canonical SubjectPublicKeyInfo, lower-case hex. */
  readonly keySha256: string;
  /**
   * `root`: its own key signed it. `link`: another one did, that of a CSCA certificate which is known: so for links of a
   * CSCA, and for all that CSCAs issue to signers. `signature-invalid`: a key that its authorityKeyIdentifier names is
   * known, and neither that nor another one signed it. `issuer-absent`: nothing known signed it. `algorithm-unsupported`:
   * the signature or the issuer's key is of a kind that is not verified here. `unchecked`: too many keys might be its
   * issuer's.
   */
  readonly verdict: CertificateVerdict;
  /** A certificate of the key that signed it: itself for a root; undefined where none was found. */
  readonly issuer: Certificate | undefined;
  /** SHA-256 of that certificate. */
  readonly issuerSha256: string | undefined;
  /** SHA-256 of that key, as `keySha256`. */
  readonly issuerKeySha256: string | undefined;
  /** How the issuer of a `link` was found; undefined for all others. */
  readonly foundBy: IssuerMatch | undefined;
  /** What was let pass in a signature that is good. */
  readonly leniencies: readonly Leniency[];
  /** One sentence on a signature that was not found good. */
  readonly reason: string | undefined;
}

/** Where to look for issuers, and what to verify with. */
export interface JudgeCertificatesOptions {
  /** Further certificates that may be issuers: of the store, its history, other sources. They are looked at last. */
  readonly authorities?: readonly Certificate[];
  /** By default the portable one. `cert-parser-core/node` has a faster one. */
  readonly engine?: SignatureEngine;
}

/**
 * Judges each certificate by its signature, whose issuer is looked for among the CSCA certificates of the list and then
 * of `authorities`: by authorityKeyIdentifier, by folded name, by trial over the keys of the country. Certificates that
 * occur twice are verified once.
 */
export function judgeCertificates(
  certificates: readonly Certificate[],
  { authorities = [], engine = createPortableEngine() }: JudgeCertificatesOptions = {},
): readonly CertificateJudgment[] {
  const indexes = [indexAuthorities(certificates, { engine }), indexAuthorities(authorities, { engine })];
  const signatures = createBoundedSignatures(engine, budgetFor(certificates.length));
  return certificates.map((certificate) => judgeCertificate(certificate, { indexes, signatures }));
}

/** What a certificate is judged with. */
export interface JudgeOptions {
  /** The first of them is that of the list itself. */
  readonly indexes: readonly AuthorityIndex[];
  readonly signatures: BoundedSignatures;
  /** The key that signed a certificate, if that was verified before: no signature is verified again. */
  readonly issuerKeyOf?: ((certificate: Certificate) => string | undefined) | undefined;
}

/** Judges one certificate. */
export function judgeCertificate(
  certificate: Certificate,
  { indexes, signatures, issuerKeyOf }: JudgeOptions,
): CertificateJudgment {
  const keySha256 =
    indexes[0]?.keyOf(certificate)?.keySha256 ?? certificateKeySha256(certificate, signatures.engine);
  const known = issuerKeyOf?.(certificate);
  const remembered = known === undefined ? undefined : remember(certificate, keySha256, known, indexes);
  if (remembered !== undefined) return remembered;
  const own = ownKeyOf(certificate, keySha256);
  const search = findIssuer(issuedCertificate(certificate), {
    signatures: signatures.within(signatures.budget.search()),
    indexes,
    own,
  });
  return { certificate, keySha256, ...outcomeOf(search, certificate, keySha256) };
}

/** Undefined if no certificate of the key that signed it is among the authorities any more. */
function remember(
  certificate: Certificate,
  keySha256: string,
  issuerKeySha256: string,
  indexes: readonly AuthorityIndex[],
): CertificateJudgment | undefined {
  const isRoot = issuerKeySha256 === keySha256;
  const key = indexes.map((index) => index.ofKey(issuerKeySha256)).find((found) => found !== undefined);
  const issuer = isRoot
    ? certificate
    : (key?.byName.get(foldName(certificate.issuer)) ?? key?.certificates[0]);
  if (issuer === undefined) return undefined;
  // A key without a root may be a second one that fits the signature, found before the right one was known.
  if (!isRoot && key?.certificates.every((each) => roleOf(each) !== "csca")) return undefined;
  return {
    ...noIssuer,
    certificate,
    keySha256,
    verdict: isRoot ? "root" : "link",
    issuer,
    issuerSha256: issuer.sha256,
    issuerKeySha256,
    reason: undefined,
  };
}

function outcomeOf(
  search: IssuerSearch,
  certificate: Certificate,
  keySha256: string,
): Omit<CertificateJudgment, "certificate" | "keySha256"> {
  if (search.outcome !== "found") {
    return { ...noIssuer, verdict: verdicts[search.outcome], reason: search.reason };
  }
  const { key, leniencies } = search;
  const isRoot = key.keySha256 === keySha256;
  const issuer = isRoot ? certificate : search.certificate;
  return {
    verdict: isRoot ? "root" : "link",
    issuer,
    issuerSha256: issuer.sha256,
    issuerKeySha256: key.keySha256,
    foundBy: isRoot ? undefined : matchOf(search),
    leniencies,
    reason: undefined,
  };
}

function matchOf({ foundBy }: IssuerFound): IssuerMatch | undefined {
  return foundBy === "self" ? undefined : foundBy;
}

const noIssuer = {
  issuer: undefined,
  issuerSha256: undefined,
  issuerKeySha256: undefined,
  foundBy: undefined,
  leniencies: [],
} as const;

const verdicts: Readonly<Record<IssuerNotFound["outcome"], CertificateVerdict>> = {
  absent: "issuer-absent",
  invalid: "signature-invalid",
  unsupported: "algorithm-unsupported",
  unfinished: "unchecked",
};
