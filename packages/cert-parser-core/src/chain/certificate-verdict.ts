/**
 * What the signature of each certificate says of it: whose key made it, as far as that is known.
 *
 * @module
 */

import { createPortableEngine } from "../signatures/portable-engine.ts";
import type { SignatureEngine } from "../signatures/signature-engine.ts";
import type { Leniency } from "../signatures/verdict.ts";
import type { Certificate } from "../x509/certificate.ts";
import { type AuthorityIndex, indexAuthorities, keySha256Of } from "./authority-index.ts";
import {
  type Allowance,
  createAllowance,
  findIssuer,
  type IssuerFound,
  type IssuerMatch,
  type IssuerNotFound,
  type IssuerSearch,
  issuedCertificate,
  ownKeyOf,
} from "./issuer-search.ts";

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
  /** SHA-256 of its own SubjectPublicKeyInfo, lower-case hex. */
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
  /** SHA-256 of that key's SubjectPublicKeyInfo. */
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
 * stand there twice are verified once.
 */
export function judgeCertificates(
  certificates: readonly Certificate[],
  { authorities = [], engine = createPortableEngine() }: JudgeCertificatesOptions = {},
): readonly CertificateJudgment[] {
  const indexes = [indexAuthorities(certificates, engine), indexAuthorities(authorities, engine)];
  return judgeAgainst(certificates, indexes, engine);
}

/** The same with indexes that are there already, the first of them that of the list itself. */
export function judgeAgainst(
  certificates: readonly Certificate[],
  indexes: readonly AuthorityIndex[],
  engine: SignatureEngine,
): readonly CertificateJudgment[] {
  const allowance = createAllowance(certificates.length * furtherKeys + minFurtherKeys);
  const judged = new Map<string, CertificateJudgment>();
  return certificates.map((certificate) => {
    const known = judged.get(certificate.sha256);
    if (known !== undefined) return { ...known, certificate };
    const judgment = judgeCertificate(certificate, indexes, engine, allowance);
    judged.set(certificate.sha256, judgment);
    return judgment;
  });
}

function judgeCertificate(
  certificate: Certificate,
  indexes: readonly AuthorityIndex[],
  engine: SignatureEngine,
  allowance: Allowance,
): CertificateJudgment {
  const keySha256 = indexes[0]?.keyOf(certificate)?.keySha256 ?? keySha256Of(certificate.publicKey, engine);
  const own = ownKeyOf(certificate, keySha256);
  const search = findIssuer(issuedCertificate(certificate), { engine, indexes, own, allowance });
  return { certificate, keySha256, ...outcomeOf(search, certificate, keySha256) };
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

// Of 581 certificates of the German list of 2026-01, 14 ask for a second key, and all together for fewer than 100. A list
// made to be slow takes at most three times as long as an honest one of its length.
const furtherKeys = 2;
const minFurtherKeys = 256;
