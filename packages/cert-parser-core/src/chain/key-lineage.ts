/**
 * Which keys of a CSCA speak for which: the newer for the older that signed it, never the other way round.
 *
 * A stranger can sign a certificate over any key, and call himself as old or as new as he likes. So a key is spoken for
 * only by keys that it signed itself, and ages come from a key's own root.
 *
 * @module
 */

import type { Certificate } from "../x509/certificate.ts";
import { foldName } from "../x509/name.ts";
import { foldCountry, isAuthority } from "./authority-index.ts";
import { type UsagePeriod, usagePeriods } from "./private-key-usage.ts";

/** A CSCA or link certificate, its key, and the key that signed it. */
export interface SignedAuthority {
  readonly certificate: Certificate;
  readonly keySha256: string;
  /** Undefined if the key that signed it is not known. */
  readonly issuerKeySha256: string | undefined;
}

/** A key of a CSCA, with what its own certificates say of it. */
export interface AuthorityKeyFacts {
  readonly keySha256: string;
  /** Those that `own` name, in upper case; the empty string for a certificate that names none. */
  readonly countries: ReadonlySet<string>;
  /** The start of its oldest root; undefined if only other keys have signed it. */
  readonly since: Date | undefined;
  /** The end of its last certificate. */
  readonly notAfter: Date;
  /** The end of its last private key usage period. */
  readonly usageEnd: Date;
  /** Its roots or, if it has none, the links over it of its country's keys: those of strangers say nothing. */
  readonly own: readonly Certificate[];
  /** Every certificate over the key. */
  readonly certificates: readonly Certificate[];
  /** Folded subjects of `own`. */
  readonly names: ReadonlySet<string>;
}

/** How the keys of all CSCAs relate. */
export interface KeyLineage {
  readonly keys: ReadonlyMap<string, AuthorityKeyFacts>;
  /** The key itself, then the newer keys of its CSCA that it signed, over any number of steps. */
  speakersFor(keySha256: string): ReadonlySet<string>;
  /** The key itself, then the older keys that it speaks for. */
  spokenForBy(keySha256: string): ReadonlySet<string>;
  /** Siblings (one predecessor) and namesakes without a link: what they say alerts, and decides nothing. */
  relativesOf(keySha256: string): ReadonlySet<string>;
}

/** Derives the lineage of every key; `joined` are pairs of keys that an operator declared to be of one CSCA. */
export function keyLineage(
  authorities: readonly SignedAuthority[],
  joined: readonly (readonly [string, string])[] = [],
): KeyLineage {
  const keys = gatherKeys(authorities);
  const links = gatherLinks(authorities, keys);
  const successors = directSuccessors(links, keys);
  for (const [a, b] of joined) {
    const pair = [a, b]
      .flatMap((key) => keys.get(key) ?? [])
      .toSorted((one, other) => ageOf(one) - ageOf(other));
    const [older, newer] = pair;
    if (older !== undefined && newer !== undefined) add(successors, older.keySha256, newer.keySha256);
  }
  const predecessors = reversed(successors);
  const speakers = memoized((key) => reachable(key, successors));
  const spokenFor = memoized((key) => reachable(key, predecessors));
  const namesakes = Map.groupBy(
    [...keys.values()].flatMap(({ keySha256, names }) => [...names].map((name) => ({ keySha256, name }))),
    ({ name }) => name,
  );
  return {
    keys,
    speakersFor: speakers,
    spokenForBy: spokenFor,
    relativesOf(key) {
      const { countries = [], names = [] } = keys.get(key) ?? {};
      const siblings = [...(predecessors.get(key) ?? [])].flatMap((parent) => [
        ...(successors.get(parent) ?? []),
      ]);
      const sameName = [...names]
        .flatMap((name) => (namesakes.get(name) ?? []).map(({ keySha256 }) => keySha256))
        .filter((other) => [...countries].some((country) => keys.get(other)?.countries.has(country)));
      const own = new Set([...speakers(key), ...spokenFor(key)]);
      return new Set([...siblings, ...sameName].filter((other) => !own.has(other)));
    },
  };
}

/** The usage periods of a key, by its own certificates. */
export function usagePeriodsOf({ own }: AuthorityKeyFacts): readonly UsagePeriod[] {
  return usagePeriods(own);
}

function gatherKeys(authorities: readonly SignedAuthority[]): ReadonlyMap<string, AuthorityKeyFacts> {
  const distinct = new Map(authorities.map((each) => [each.certificate.sha256, each]));
  const byKey = Map.groupBy(
    [...distinct.values()].filter(({ certificate }) => isAuthority(certificate)),
    ({ keySha256 }) => keySha256,
  );
  const countries = new Map(
    [...byKey].map(([keySha256, ofKey]) => [keySha256, countriesOf(rootsOf(ofKey) ?? certificatesOf(ofKey))]),
  );
  return new Map([...byKey].map(([keySha256, ofKey]) => [keySha256, keyFacts(keySha256, ofKey, countries)]));
}

function keyFacts(
  keySha256: string,
  ofKey: readonly SignedAuthority[],
  countries: ReadonlyMap<string, ReadonlySet<string>>,
): AuthorityKeyFacts {
  const certificates = certificatesOf(ofKey);
  const roots = rootsOf(ofKey);
  const links = ofKey.filter(({ certificate: { subject }, issuerKeySha256 = "" }) =>
    countries.get(issuerKeySha256)?.has(foldCountry(subject)),
  );
  const own = roots ?? (links.length > 0 ? certificatesOf(links) : certificates);
  const ends = usagePeriods(own).map(({ notAfter }) => notAfter.getTime());
  return {
    keySha256,
    countries: countriesOf(own),
    since: roots && earliest(roots),
    notAfter: new Date(Math.max(...own.map(({ notAfter }) => notAfter.getTime()))),
    usageEnd: new Date(Math.max(...ends)),
    own,
    certificates,
    names: new Set(own.map(({ subject }) => foldName(subject))),
  };
}

/** Undefined if the key signed none itself. */
function rootsOf(ofKey: readonly SignedAuthority[]): readonly Certificate[] | undefined {
  const roots = ofKey.filter(({ keySha256, issuerKeySha256 }) => issuerKeySha256 === keySha256);
  return roots.length > 0 ? certificatesOf(roots) : undefined;
}

function certificatesOf(ofKey: readonly SignedAuthority[]): readonly Certificate[] {
  return ofKey.map(({ certificate }) => certificate);
}

function countriesOf(certificates: readonly Certificate[]): ReadonlySet<string> {
  return new Set(certificates.map(({ subject }) => foldCountry(subject)));
}

/** One key's word about another: the earliest certificate that it signed over it. */
interface Link {
  readonly from: string;
  readonly to: string;
  readonly notBefore: Date;
}

function gatherLinks(
  authorities: readonly SignedAuthority[],
  keys: ReadonlyMap<string, AuthorityKeyFacts>,
): ReadonlyMap<string, Link> {
  const links = new Map<string, Link>();
  for (const { certificate, keySha256: to, issuerKeySha256: from } of authorities) {
    if (from === undefined || from === to) continue;
    const country = foldCountry(certificate.subject);
    // GB signs for BM: two states, one authority, and no rollover.
    if (![from, to].every((key) => keys.get(key)?.countries.has(country))) continue;
    const before = links.get(nameOf(from, to));
    if (before === undefined || certificate.notBefore < before.notBefore) {
      links.set(nameOf(from, to), { from, to, notBefore: certificate.notBefore });
    }
  }
  return links;
}

type Relation = Map<string, Set<string>>;

function directSuccessors(
  links: ReadonlyMap<string, Link>,
  keys: ReadonlyMap<string, AuthorityKeyFacts>,
): Relation {
  const successors: Relation = new Map();
  for (const link of links.values()) {
    if (leadsForward(link, links.get(nameOf(link.to, link.from)), keys)) add(successors, link.from, link.to);
  }
  return successors;
}

/** Nine states had two keys sign each other: the newer one speaks. Where only one signed, a link is what it says. */
function leadsForward(
  link: Link,
  back: Link | undefined,
  keys: ReadonlyMap<string, AuthorityKeyFacts>,
): boolean {
  const [from, to] = [keys.get(link.from)?.since, keys.get(link.to)?.since];
  if (from !== undefined && to !== undefined && from.getTime() !== to.getTime()) return from < to;
  return back === undefined || link.notBefore < back.notBefore;
}

function ageOf({ since, own }: AuthorityKeyFacts): number {
  return (since ?? earliest(own)).getTime();
}

function earliest(certificates: readonly Certificate[]): Date {
  return new Date(Math.min(...certificates.map(({ notBefore }) => notBefore.getTime())));
}

function reversed(relation: Relation): Relation {
  const reverse: Relation = new Map();
  for (const [from, targets] of relation) for (const to of targets) add(reverse, to, from);
  return reverse;
}

function reachable(start: string, relation: Relation): ReadonlySet<string> {
  const reached = new Set([start]);
  // A set gives what is added to it while it is walked.
  for (const key of reached) for (const next of relation.get(key) ?? []) reached.add(next);
  return reached;
}

function memoized(compute: (key: string) => ReadonlySet<string>): (key: string) => ReadonlySet<string> {
  const known = new Map<string, ReadonlySet<string>>();
  return (key) => {
    const value = known.get(key) ?? compute(key);
    known.set(key, value);
    return value;
  };
}

function add(relation: Relation, from: string, to: string): void {
  const targets = relation.get(from) ?? new Set();
  relation.set(from, targets);
  targets.add(to);
}

function nameOf(from: string, to: string): string {
  return `${from} ${to}`;
}
