/**
 * Rollover: from a key that is trusted, over link certificates, to the key that signs now. Doc 9303-12, 4.2.
 *
 * The search goes back from the new key, since a list may hold any number of links that lead elsewhere.
 *
 * @module
 */

import type { BoundedSignatures } from "../chain/bounded-signatures.ts";
import { issuedCertificate, searchIssuers } from "../chain/issuer-search.ts";
import { isWithin, type UsagePeriod, usagePeriodOf, usagePeriods } from "../chain/private-key-usage.ts";
import { formatTime } from "../der/time.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { PublicKey } from "../x509/public-key.ts";
import type { Authority, AuthorityPool } from "./authority-layers.ts";
import { isStrongLink } from "./path-strength.ts";
import type { TrustEnd } from "./trust-anchor.ts";

/** One search, for one signer. */
export interface PathContext {
  readonly signatures: BoundedSignatures;
  /** The signer's country. */
  readonly pool: AuthorityPool;
  /** When the list was signed: the instant at which every certificate of the path must be valid. */
  readonly signingTime: Date;
  /** What trust may begin with for this list, by key; undefined if no anchors are configured. */
  readonly trusted: ReadonlyMap<string, TrustEnd> | undefined;
  /** Keys that were rolled away from. */
  readonly retired: ReadonlySet<string>;
  /** Whether a certificate is revoked. */
  readonly isRevoked: (certificate: Certificate) => boolean;
  /** Whether a key is: with its own root, or by an operator. */
  readonly isKeyRevoked: (keySha256: string) => boolean;
}

/** How trust passed from one key to another. */
export interface PublisherRollover {
  /** The key that was trusted, SHA-256 in lower-case hex. */
  readonly from: string;
  /** The key that signs now. */
  readonly to: string;
  /** The link certificates, that of the trusted key first. */
  readonly links: readonly Certificate[];
}

/** A rollover, and the certificate or pin that it begins with. */
export interface LinkPath extends PublisherRollover {
  readonly end: TrustEnd;
}

/** Finds the shortest path of at most eight links, one of strong signatures before any other; undefined if there is none. */
export function findLinkPath(
  to: string,
  trusted: ReadonlyMap<string, TrustEnd>,
  context: PathContext,
): LinkPath | undefined {
  return shortestPath(to, trusted, context, isStrongLink) ?? shortestPath(to, trusted, context, () => true);
}

/** Why this certificate cannot be on the path, in one sentence; undefined if it can. */
export function unfitness({ certificate }: Authority, { signingTime }: PathContext): string | undefined {
  const { basicConstraints, keyUsage, notBefore, notAfter } = certificate;
  // Fifteen link certificates of the corpus lack cA or keyCertSign (of Belgium, Turkey and Portugal, among others), but no
  // certificate of a CSCA that has published a list.
  if (basicConstraints?.cA !== true) return "the CSCA certificate lacks cA";
  if (keyUsage?.includes("keyCertSign") !== true) return "the CSCA certificate lacks keyCertSign";
  if (signingTime < notBefore || signingTime > notAfter) {
    return `the CSCA certificate is valid from ${formatTime(notBefore)} to ${formatTime(notAfter)}, and the list was signed at ${formatTime(signingTime)}`;
  }
  return undefined;
}

type LinkFilter = (link: Certificate, issuer: PublicKey) => boolean;

function shortestPath(
  to: string,
  trusted: ReadonlyMap<string, TrustEnd>,
  context: PathContext,
  mayUse: LinkFilter,
): LinkPath | undefined {
  const visited = new Set<string>();
  let level = linksTo(to, [], visited, context);
  for (let length = 1; length <= maxLinks && level.length > 0; length++) {
    const next: Reached[] = [];
    for (const { link, after } of level) {
      for (const key of issuingKeys(link, trusted, context, mayUse)) {
        const end = trusted.get(key);
        const links = [link.certificate, ...after];
        if (end !== undefined) return { from: key, to, links, end };
        next.push(...linksTo(key, links, visited, context));
      }
    }
    level = next;
  }
  return undefined;
}

/** A link to be traced back to the key that signed it, and those that lead on from it. */
interface Reached {
  readonly link: Authority;
  readonly after: readonly Certificate[];
}

/** The links that give this key, and that gave it before it signed those which lead on. */
function linksTo(
  key: string,
  after: readonly Certificate[],
  visited: Set<string>,
  context: PathContext,
): readonly Reached[] {
  const [child] = after;
  const found: Reached[] = [];
  for (const link of context.pool.ofKey(key)) {
    const { sha256 } = link.certificate;
    if (visited.has(sha256) || isRoot(link) || unfitness(link, context) !== undefined) continue;
    if (child !== undefined && !mayIssue(link, child, context)) continue;
    visited.add(sha256);
    if (!context.isRevoked(link.certificate)) found.push({ link, after });
  }
  return found;
}

function isRoot({ certificate: { roleBasis } }: Authority): boolean {
  return roleBasis.role === "csca" && roleBasis.settledBy === "content";
}

/** What the store knows of the key goes before what the link that gives it says. */
function mayIssue(link: Authority, child: Certificate, { pool }: PathContext): boolean {
  if (pool.ofKey(link.keySha256).some(({ isVouchedFor }) => isVouchedFor)) return true;
  return isWithin(child.notBefore, usagePeriodOf(link.certificate));
}

/** The keys, other than its own, that signed the link while they might: those that are trusted first. */
function issuingKeys(
  { certificate, keySha256 }: Authority,
  trusted: ReadonlyMap<string, TrustEnd>,
  context: PathContext,
  mayUse: LinkFilter,
): readonly string[] {
  const { signatures, pool } = context;
  const search = searchIssuers(issuedCertificate(certificate), {
    signatures,
    indexes: pool.indexes,
    onlyNamed: true,
  });
  const keys: string[] = [];
  for (const { key } of search) {
    const [spelling] = key.spellings;
    if (key.keySha256 === keySha256 || keys.includes(key.keySha256) || spelling === undefined) continue;
    if (isKeyUsable(key.keySha256, certificate, trusted, context) && mayUse(certificate, spelling)) {
      keys.push(key.keySha256);
    }
  }
  return keys.toSorted((a, b) => Number(trusted.has(b)) - Number(trusted.has(a)));
}

/**
 * Whether the key might sign the link when it was issued: a key that was stolen after it was retired could otherwise roll
 * over for as long as its certificate is valid, some eleven years.
 *
 * Of a key that is vouched for, one of its vouched certificates must allow it: whoever has the key can make another that
 * allows more. Of a trusted key that stands only in the list itself, all must. Any other is given by a link, whose own
 * period is asked when it is found.
 */
function isKeyUsable(
  key: string,
  link: Certificate,
  trusted: ReadonlyMap<string, TrustEnd>,
  context: PathContext,
): boolean {
  if (context.retired.has(key) || context.isKeyRevoked(key)) return false;
  const ofKey = context.pool.ofKey(key);
  if (ofKey.length === 0) return false;
  const vouchedFor = ofKey.filter(({ isVouchedFor }) => isVouchedFor);
  const allows = (period: UsagePeriod) => isWithin(link.notBefore, period);
  if (vouchedFor.length > 0) return periodsOf(vouchedFor).some(allows);
  return !trusted.has(key) || periodsOf(ofKey).every(allows);
}

function periodsOf(authorities: readonly Authority[]): readonly UsagePeriod[] {
  return usagePeriods(authorities.map(({ certificate }) => certificate));
}

// Eight keys last a CSCA that changes its key every three to five years for as long as there are electronic passports.
const maxLinks = 8;
