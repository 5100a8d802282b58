/**
 * Rollover: from a key that is trusted, over link certificates, to the key that signs now. Doc 9303-12, 4.2.
 *
 * The search goes back from the new key, since a list may hold any number of links that lead elsewhere.
 *
 * @module
 */

import type { Authority } from "../chain/authority-pool.ts";
import { isWithin, usagePeriodOf, usagePeriods } from "../chain/private-key-usage.ts";
import type { Certificate } from "../x509/certificate.ts";
import { isKeyRevoked, type PathContext, unfitness } from "./path-context.ts";
import type { TrustEnd } from "./trust-anchor.ts";

/** How trust passed from one key to another. */
export interface Rollover {
  /** SHA-256 of the key that was trusted, lower-case hex. */
  readonly from: string;
  /** SHA-256 of the key that signs now, lower-case hex. */
  readonly to: string;
  /** The link certificates, that of the trusted key first. */
  readonly links: readonly Certificate[];
}

/** A rollover, and the certificate or pin that it begins with. */
export interface LinkPath extends Rollover {
  readonly end: TrustEnd;
}

/** Finds the shortest path of at most eight links; undefined where there is none. */
export function findLinkPath(
  to: string,
  trusted: ReadonlyMap<string, TrustEnd>,
  context: PathContext,
): LinkPath | undefined {
  const visited = new Set<Authority>();
  let level: readonly Reached[] = linksTo(to, [], visited, context);
  for (let length = 1; length <= maxLinks && level.length > 0; length++) {
    const next: Reached[] = [];
    for (const reached of level) {
      for (const key of issuingKeys(reached, trusted, context)) {
        const end = trusted.get(key);
        const links = [reached.link.certificate, ...reached.after];
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

/** The links that give this key, and whose word was given while it was the word of that key that they lead on to. */
function linksTo(
  key: string,
  after: readonly Certificate[],
  visited: Set<Authority>,
  context: PathContext,
): readonly Reached[] {
  const [child] = after;
  const found: Reached[] = [];
  for (const link of context.pool.ofKey(key)) {
    if (visited.has(link) || isRoot(link) || unfitness(link, context) !== undefined) continue;
    if (child !== undefined && !mayIssue(link, child, context)) continue;
    visited.add(link);
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
  { link }: Reached,
  trusted: ReadonlyMap<string, TrustEnd>,
  context: PathContext,
): readonly string[] {
  const { certificate } = link;
  const byKey = Map.groupBy(context.pool.issuersOf(certificate), ({ keySha256 }) => keySha256);
  byKey.delete(link.keySha256);
  const keys = [...byKey.keys()].filter((key) => isKeyUsable(key, certificate, trusted, context));
  return keys
    .toSorted((a, b) => Number(trusted.has(b)) - Number(trusted.has(a)))
    .filter((key) => {
      const [issuer] = byKey.get(key) ?? [];
      if (issuer === undefined) return false;
      const { publicKey } = issuer.certificate;
      return context.signatures.checkCertificate(certificate, publicKey).outcome === "valid";
    });
}

/**
 * Whether the key might sign the link when it was issued: a key that was stolen after it was retired could otherwise roll
 * over for as long as its certificate is valid, some eleven years.
 *
 * Of a key that is vouched for, one of its vouched certificates must allow it: whoever has the key can make another that
 * allows more. Of a trusted key that is at hand only in the list itself, all must. Any other is given by a link, whose own
 * period is asked when it is found.
 */
function isKeyUsable(
  key: string,
  link: Certificate,
  trusted: ReadonlyMap<string, TrustEnd>,
  context: PathContext,
): boolean {
  if (context.retired.has(key) || isKeyRevoked(key, context)) return false;
  const ofKey = context.pool.ofKey(key);
  const vouchedFor = ofKey.filter(({ isVouchedFor }) => isVouchedFor);
  const allows = (period: { readonly notBefore: Date; readonly notAfter: Date }) =>
    isWithin(link.notBefore, period);
  if (vouchedFor.length > 0) return periodsOf(vouchedFor).some(allows);
  return !trusted.has(key) || periodsOf(ofKey).every(allows);
}

function periodsOf(authorities: readonly Authority[]): ReturnType<typeof usagePeriods> {
  return usagePeriods(authorities.map(({ certificate }) => certificate));
}

// Eight keys last a CSCA that changes its key every three to five years for as long as there are electronic passports.
const maxLinks = 8;
