/**
 * Who signed a certificate or a CRL: by the authority key identifier, by the issuer's name, by trial.
 *
 * @module
 */

import { equalBytes } from "../bytes/compare.ts";
import type { RevocationList } from "../crl/revocation-list.ts";
import type { SignatureInput } from "../signatures/check-signature.ts";
import type { Leniency } from "../signatures/verdict.ts";
import type { Certificate } from "../x509/certificate.ts";
import { countryOf, equalNames, foldName, type Name } from "../x509/name.ts";
import type { PublicKey } from "../x509/public-key.ts";
import { roleOf } from "../x509/role.ts";
import { describeSignatureAlgorithm } from "../x509/signature-algorithm.ts";
import type { AuthorityIndex, AuthorityKey } from "./authority-index.ts";
import type { BoundedCheck, BoundedSignatures } from "./bounded-signatures.ts";

/**
 * How an issuer was found: by the authority key identifier, which alone finds those of Hungary and Spain whose names
 * differ; by the name, in any case of letters; or by trying the keys of the country.
 */
export type IssuerMatch = "aki" | "name" | "trial";

/** What was signed, as the search looks at it. */
export interface Issued {
  readonly issuer: Name;
  readonly authorityKeyIdentifier: Uint8Array | undefined;
  readonly signature: Omit<SignatureInput, "publicKey">;
  /** Whether the algorithm that is signed is the one that is named outside: RFC 5280, 4.1.1.2 and 5.1.1.2. */
  readonly hasOneAlgorithm: boolean;
  /** Undefined if it is no certificate. */
  readonly certificate?: Certificate;
}

/** Where to look, and with what. */
export interface SearchOptions {
  readonly signatures: BoundedSignatures;
  /** Asked one after the other, the most trusted first. */
  readonly indexes: readonly AuthorityIndex[];
  /** The key of the certificate itself, which a root is signed with. */
  readonly own?: OwnKey | undefined;
  /** Keys that only share the country are left out. */
  readonly onlyNamed?: boolean;
}

/** The key in the certificate whose issuer is looked for. */
export interface OwnKey {
  readonly key: AuthorityKey;
  /** Whether both key identifiers of the certificate are the same. */
  readonly isNamed: boolean;
  /** Whether the certificate says that it signed itself: by its key identifiers or, if one is missing, by its names. */
  readonly isClaimed: boolean;
}

/** What a search came to. */
export type IssuerSearch = IssuerFound | IssuerNotFound;

/** The key that the signature is of. */
export interface IssuerFound {
  readonly outcome: "found";
  readonly key: AuthorityKey;
  /** The certificate of that key whose subject is the issuer, or else its first one. */
  readonly certificate: Certificate;
  /** `self` if it was looked for in the certificate itself. */
  readonly foundBy: IssuerMatch | "self";
  readonly leniencies: readonly Leniency[];
}

/**
 * Why no key was found. `invalid`: one that the authority key identifier names was there, and it is not its signature, or
 * the signature cannot be right; `unsupported`: it is of a kind that is not verified here; `unfinished`: the work allowed was
 * used up before all keys were tried.
 */
export interface IssuerNotFound {
  readonly outcome: "absent" | "invalid" | "unsupported" | "unfinished";
  /** One sentence. */
  readonly reason: string;
}

/** A certificate, as the search looks at it. */
export function issuedCertificate(certificate: Certificate): Issued {
  return {
    issuer: certificate.issuer,
    authorityKeyIdentifier: certificate.authorityKeyIdentifier,
    signature: {
      algorithm: certificate.signatureAlgorithm,
      data: certificate.tbsCertificate,
      signature: certificate.signature,
    },
    hasOneAlgorithm: hasOneAlgorithm(certificate),
    certificate,
  };
}

/** A CRL, as the search looks at it. */
export function issuedRevocationList(crl: RevocationList): Issued {
  return {
    issuer: crl.issuer,
    authorityKeyIdentifier: crl.authorityKeyIdentifier,
    signature: { algorithm: crl.signatureAlgorithm, data: crl.tbsCertList, signature: crl.signature },
    hasOneAlgorithm: hasOneAlgorithm(crl),
  };
}

/** The certificate's own key, as one to be tried. */
export function ownKeyOf(certificate: Certificate, keySha256: string): OwnKey {
  const { publicKey, subject, issuer, subjectKeyIdentifier, authorityKeyIdentifier } = certificate;
  const key = { keySha256, spellings: [publicKey], certificates: [certificate], byName: new Map() };
  if (authorityKeyIdentifier !== undefined && subjectKeyIdentifier !== undefined) {
    const isNamed = equalBytes(authorityKeyIdentifier, subjectKeyIdentifier);
    return { key, isNamed, isClaimed: isNamed };
  }
  const isSelfIssued = equalNames(issuer, subject) || foldName(issuer) === foldName(subject);
  return { key, isNamed: false, isClaimed: isSelfIssued };
}

/**
 * Finds the key that a signature is of, by verifying it with those that may be. A second key that fits a signature of ECDSA can
 * be reckoned from it by anybody, and certified by a stranger; nobody can sign with it. So a key counts first that has signed
 * its own root.
 */
export function findIssuer(issued: Issued, options: SearchOptions): IssuerSearch {
  let first: IssuerFound | undefined;
  const isWanted = ({ key, foundBy }: Candidate) =>
    first === undefined ||
    (foundBy !== "trial" && key.certificates.some((certificate) => roleOf(certificate) === "csca"));
  const search = searchIssuers(issued, options, isWanted);
  for (let step = search.next(); ; step = search.next()) {
    if (step.done === true) return first ?? step.value;
    const { foundBy, key } = step.value;
    if (foundBy === "self" || hasRoot(key.certificates, options.signatures)) return step.value;
    first ??= step.value;
  }
}

/** Whether one of these certificates of a key is signed with it, which takes the private key. */
export function hasRoot(certificates: readonly Certificate[], signatures: BoundedSignatures): boolean {
  return certificates.some(
    (certificate) =>
      roleOf(certificate) === "csca" &&
      signatures.checkCertificate(certificate, certificate.publicKey).outcome === "valid",
  );
}

/** Every key that the signature is of: a signature may be made to fit a second key. Ends with why there is no further one. */
export function* searchIssuers(
  issued: Issued,
  options: SearchOptions,
  isWanted: (candidate: Candidate) => boolean = () => true,
): Generator<IssuerFound, IssuerNotFound, undefined> {
  const flaw = flawOf(issued);
  if (flaw !== undefined) return flaw;
  const tried = new Map<string, PublicKey[]>();
  let refusal: IssuerNotFound | undefined;
  let isFinished = true;
  for (const candidate of candidates(issued, options)) {
    if (!isWanted(candidate)) continue;
    for (const publicKey of untried(candidate.key, tried)) {
      const check = checkIssued(issued, publicKey, options.signatures);
      if (check.outcome === "valid") yield found(issued, candidate.key, candidate.foundBy, check.leniencies);
      // A cheaper key may still be affordable.
      else if (check.outcome === "unchecked") isFinished = false;
      else refusal = worse(refusal, refusalBy(check, candidate));
    }
  }
  if (!isFinished) return unfinished(tried.size);
  return refusal ?? { outcome: "absent", reason: "no certificate of its issuer is known" };
}

/** The spellings of a key that were not tried before. */
function untried(
  { keySha256, spellings }: AuthorityKey,
  tried: Map<string, PublicKey[]>,
): readonly PublicKey[] {
  const before = tried.get(keySha256) ?? [];
  tried.set(keySha256, before);
  const fresh = spellings.filter((spelling) => !before.some(({ der }) => equalBytes(der, spelling.der)));
  before.push(...fresh);
  return fresh;
}

/** Certificates are remembered, so that no signature is verified twice. */
function checkIssued(
  { certificate, signature }: Issued,
  publicKey: PublicKey,
  signatures: BoundedSignatures,
): BoundedCheck {
  return certificate === undefined
    ? signatures.check({ ...signature, publicKey })
    : signatures.checkCertificate(certificate, publicKey);
}

/** What shows without any key. */
function flawOf({ signature, hasOneAlgorithm }: Issued): IssuerNotFound | undefined {
  if (!hasOneAlgorithm) {
    return { outcome: "invalid", reason: "the algorithm outside differs from the one that is signed" };
  }
  const { algorithm } = signature.algorithm;
  if (describeSignatureAlgorithm(signature.algorithm).scheme !== undefined) return undefined;
  return { outcome: "unsupported", reason: `the signature algorithm ${algorithm} is not verified here` };
}

interface Candidate {
  readonly key: AuthorityKey;
  readonly foundBy: IssuerFound["foundBy"];
  /** Whether the authority key identifier names it. */
  readonly isNamed: boolean;
  /** Whether it is more than one of the country's. */
  readonly isLikely: boolean;
}

/** The likeliest first: in the German list of 2026-01 the first one is right for all but 14 of 581. */
function* candidates(
  { issuer, authorityKeyIdentifier }: Issued,
  { indexes, own, onlyNamed = false }: SearchOptions,
): Generator<Candidate, void, undefined> {
  if (own?.isClaimed) yield { ...own, foundBy: "self", isLikely: true };
  if (authorityKeyIdentifier !== undefined) {
    for (const index of indexes) {
      yield* matched("aki", index.byKeyIdentifier(authorityKeyIdentifier, issuer));
    }
  }
  for (const index of indexes) yield* matched("name", index.byName(issuer));
  if (own !== undefined) yield { ...own, foundBy: "self", isLikely: false };
  if (onlyNamed) return;
  for (const index of indexes) yield* matched("trial", index.byCountry(countryOf(issuer)));
}

function* matched(foundBy: IssuerMatch, keys: Iterable<AuthorityKey>): Generator<Candidate, void, undefined> {
  for (const key of keys) yield { key, foundBy, isNamed: foundBy === "aki", isLikely: foundBy !== "trial" };
}

function found(
  { issuer }: Issued,
  key: AuthorityKey,
  foundBy: Candidate["foundBy"],
  leniencies: readonly Leniency[],
): IssuerFound {
  const sameName = foundBy === "self" ? undefined : key.byName.get(foldName(issuer));
  const certificate = sameName ?? key.certificates[0];
  if (certificate === undefined) throw new TypeError("a key of no certificate");
  return { outcome: "found", key, certificate, foundBy, leniencies };
}

/** What a key that did not fit says of the signature: nothing, unless there was a reason to take it for the right one. */
function refusalBy(
  { outcome, reason = "" }: BoundedCheck,
  { isNamed, isLikely }: Candidate,
): IssuerNotFound | undefined {
  if (outcome === "unsupported" && isLikely) return { outcome: "unsupported", reason };
  return isNamed ? { outcome: "invalid", reason } : undefined;
}

/** A key that cannot be reckoned with may be the right one; one that can be is not. */
function worse(
  first: IssuerNotFound | undefined,
  second: IssuerNotFound | undefined,
): IssuerNotFound | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return first.outcome === "unsupported" || second.outcome !== "unsupported" ? first : second;
}

function unfinished(tried: number): IssuerNotFound {
  return {
    outcome: "unfinished",
    reason: `the work allowed was used up after ${tried} candidate keys`,
  };
}

function hasOneAlgorithm({ findings }: Pick<Certificate, "findings">): boolean {
  return findings.every(({ code }) => code !== "SIGNATURE_ALGORITHM_MISMATCH");
}
