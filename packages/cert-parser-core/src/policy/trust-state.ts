/**
 * What follows from everything that was accepted: which editions are current, which keys and certificates are revoked,
 * withdrawn or retired. A pure function of the facts, so that the order in which they came makes no difference.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import { certificateKeySha256, isAuthority } from "../chain/authority-index.ts";
import { newestCrls } from "../chain/crl-age.ts";
import { type KeyLineage, keyLineage, type SignedAuthority } from "../chain/key-lineage.ts";
import { CertParserError } from "../errors.ts";
import type { SignatureEngine } from "../signatures/signature-engine.ts";
import { type Certificate, parseCertificate } from "../x509/certificate.ts";
import type { KnownPublisher } from "./known.ts";
import type { AuthorityFact, CrlFact, EditionFact, RevokedSerial, TrustFacts } from "./trust-facts.ts";

/** The state of trust. */
export interface TrustState {
  readonly facts: TrustFacts;
  readonly lineage: KeyLineage;
  /** The authorities, read; those that cannot be read any more are left out. */
  readonly authorities: readonly KnownAuthority[];
  /** Editions that no newer one of the same CSCA replaces, by their `id`. */
  readonly currentEditions: ReadonlySet<number>;
  /** CRLs that count: the latest of each key, and all of keys that are revoked or withdrawn. By SHA-256. */
  readonly effectiveCrls: ReadonlySet<string>;
  /** What effective CRLs say of serial numbers (lower-case hex), as far as the facts have their entries. */
  readonly grounds: ReadonlyMap<string, readonly RevocationGround[]>;
  /** Authorities that an effective CRL revokes, by SHA-256. */
  readonly revokedCertificates: ReadonlyMap<string, RevocationGround>;
  /** Keys that are revoked: with their own root, or by an operator (no ground). */
  readonly revokedKeys: ReadonlyMap<string, RevocationGround | null>;
  /** Keys that left every list before their time, and since when. */
  readonly withdrawnKeys: ReadonlyMap<string, Date>;
  /** Keys whose successor has published a list, and when its first one was signed. */
  readonly retiredKeys: ReadonlyMap<string, Date>;
}

/** An authority, and how it stands. */
export interface KnownAuthority extends SignedAuthority {
  readonly certificate: Certificate;
  readonly fact: AuthorityFact;
  /** Whether a current edition holds it. */
  readonly isCurrent: boolean;
}

/** What revokes a certificate. */
export interface RevocationGround extends RevokedSerial {
  readonly crlSha256: string;
  /** The key that signed that CRL. */
  readonly keySha256: string;
}

/** Derives the state. What of it does not follow from CRLs is taken from `before`, if only CRLs have come since. */
export function trustStateOf(
  facts: TrustFacts,
  engine: Pick<SignatureEngine, "digest">,
  before?: TrustState,
): TrustState {
  const isKept =
    before?.facts.editions === facts.editions &&
    before.facts.authorities === facts.authorities &&
    before.facts.decisions === facts.decisions;
  const fixed = before !== undefined && isKept ? before : fixedState(facts, engine);
  const { lineage, authorities, currentEditions, withdrawnKeys, retiredKeys } = fixed;
  let derived: ReturnType<typeof revocations> | undefined;
  // Not before they are asked for: a file may hold a CRL for each three hundred bytes.
  const lazily = () => {
    derived ??= revocations(facts, authorities, lineage, withdrawnKeys);
    return derived;
  };
  return {
    // Read once: what grows from this state is not read again.
    facts: { ...facts, authorities: fixed.facts.authorities },
    lineage,
    authorities,
    currentEditions,
    withdrawnKeys,
    retiredKeys,
    get effectiveCrls() {
      return lazily().effectiveCrls;
    },
    get grounds() {
      return lazily().grounds;
    },
    get revokedCertificates() {
      return lazily().revokedCertificates;
    },
    get revokedKeys() {
      return lazily().revokedKeys;
    },
  };
}

type FixedState = Pick<
  TrustState,
  "authorities" | "currentEditions" | "facts" | "lineage" | "retiredKeys" | "withdrawnKeys"
>;

function fixedState(facts: TrustFacts, engine: Pick<SignatureEngine, "digest">): FixedState {
  const read = facts.authorities.flatMap((fact) => readAuthority(fact, engine));
  const lineage = keyLineage(read, facts.decisions.joinedKeys);
  const inForce = editionsInForce(facts);
  const replacements = replacementsOf(facts.editions, inForce, lineage);
  const currentEditions = new Set(inForce.map(({ id }) => id).filter((id) => !replacements.has(id)));
  const authorities = read.map((authority) => ({
    ...authority,
    isCurrent: authority.fact.editions.some((id) => currentEditions.has(id)),
  }));
  return {
    facts: { ...facts, authorities: read.map(({ fact }) => fact) },
    lineage,
    authorities,
    currentEditions,
    withdrawnKeys: withdrawn(authorities, lineage, leavingTimes(facts.editions, inForce), replacements),
    retiredKeys: retired(facts.editions, lineage),
  };
}

/** The editions that no operator ended, with their source or by revoking their publisher. */
export function editionsInForce({ editions, decisions }: TrustFacts): readonly EditionFact[] {
  const { revokedKeys, revokedPublishers = [] } = decisions;
  const revoked = new Set(revokedPublishers.map(({ source, keySha256 }) => `${source} ${keySha256}`));
  return editions.filter(
    ({ source, publisher, endedAt }) =>
      endedAt === null && !revokedKeys.has(publisher) && !revoked.has(`${source} ${publisher}`),
  );
}

/** A list as far as its place among those of its CSCA goes. */
export type PlacedEdition = Pick<EditionFact, "publisher" | "rolledFrom" | "signingTime">;

/**
 * Tells whether one list takes the place of another: the newer one, of the same key, of a key that speaks for it, or of the key
 * that it took its trust from. A stranger who signed a link over a publisher's key is none of these.
 */
export function replaces(newer: PlacedEdition, older: PlacedEdition, lineage: KeyLineage): boolean {
  const age = newer.signingTime.getTime() - older.signingTime.getTime();
  if (newer.publisher === older.publisher) return age > 0;
  if (lineage.speakersFor(older.publisher).has(newer.publisher)) return age >= 0;
  return older.rolledFrom === newer.publisher && age > 0;
}

/**
 * SHA-256, in lower-case hex, of the keys that are known, revoked, withdrawn or lifted, and of the pins of a source. A store keeps
 * it with the bundle that it took in: once it differs, the same bytes are to be judged anew.
 */
export function stateFingerprint(
  { authorities, revokedKeys, withdrawnKeys, facts }: TrustState,
  publishers: readonly KnownPublisher[],
  source: string,
  engine: Pick<SignatureEngine, "digest">,
): string {
  const { liftedKeys, joinedKeys } = facts.decisions;
  const text = JSON.stringify([
    [...new Set(authorities.map(({ keySha256 }) => keySha256))].toSorted(),
    [...revokedKeys.keys()].toSorted(),
    [...withdrawnKeys.keys()].toSorted(),
    [...liftedKeys].toSorted(),
    joinedKeys.map((pair) => pair.toSorted().join(" ")).toSorted(),
    publishers
      .filter((each) => each.source === source)
      .map(({ keySha256, state }) => `${keySha256} ${state}`)
      .toSorted(),
  ]);
  return toHex(engine.digest("SHA-256", new TextEncoder().encode(text)));
}

/** What an earlier version could read and this one cannot is no reason to derive nothing. */
function readAuthority(
  fact: AuthorityFact,
  engine: Pick<SignatureEngine, "digest">,
): readonly Omit<KnownAuthority, "isCurrent">[] {
  try {
    const certificate = fact.certificate ?? parseCertificate(fact.der);
    if (!isAuthority(certificate)) return [];
    const keySha256 = certificateKeySha256(certificate, engine);
    const issuerKeySha256 = fact.issuerKeySha256 ?? undefined;
    return [{ fact: { ...fact, certificate }, certificate, keySha256, issuerKeySha256 }];
  } catch (error) {
    if (error instanceof CertParserError) return [];
    throw error;
  }
}

/** The editions that first took the place of each that is replaced: several if they were signed at once. */
function replacementsOf(
  editions: readonly EditionFact[],
  inForce: readonly EditionFact[],
  lineage: KeyLineage,
): ReadonlyMap<number, readonly EditionFact[]> {
  const replacements = new Map<number, readonly EditionFact[]>();
  const byPublisher = Map.groupBy(inForce, ({ publisher }) => publisher);
  for (const edition of editions) {
    const { publisher, rolledFrom } = edition;
    const keys = new Set([...lineage.speakersFor(publisher), ...(rolledFrom === null ? [] : [rolledFrom])]);
    const next = [...keys].flatMap((key) =>
      (byPublisher.get(key) ?? []).filter((other) => replaces(other, edition, lineage)),
    );
    const first = Math.min(...next.map(({ signingTime }) => signingTime.getTime()));
    const firstOnes = next.filter(({ signingTime }) => signingTime.getTime() === first);
    if (firstOnes.length > 0) replacements.set(edition.id, firstOnes);
  }
  return replacements;
}

function retired(editions: readonly EditionFact[], lineage: KeyLineage): ReadonlyMap<string, Date> {
  const found = new Map<string, Date>();
  for (const { publisher, signingTime } of editions) {
    for (const key of lineage.spokenForBy(publisher)) {
      const before = found.get(key);
      if (key !== publisher && (before === undefined || signingTime < before)) found.set(key, signingTime);
    }
  }
  return found;
}

/** A key that leaves all lists near its end was let go; one that leaves before was taken back. */
function withdrawn(
  authorities: readonly KnownAuthority[],
  { keys }: KeyLineage,
  ended: ReadonlyMap<number, number>,
  replacements: ReadonlyMap<number, readonly EditionFact[]>,
): ReadonlyMap<string, Date> {
  const found = new Map<string, Date>();
  for (const [keySha256, all] of Map.groupBy(authorities, (authority) => authority.keySha256)) {
    const key = keys.get(keySha256);
    if (key === undefined) continue;
    // A stranger's certificate over the key does not bring it back.
    const own = new Set(key.own.map(({ sha256 }) => sha256));
    const ofKey = all.filter(({ certificate }) => own.has(certificate.sha256));
    if (ofKey.some(({ isCurrent }) => isCurrent)) continue;
    const holding = new Set(ofKey.flatMap(({ fact }) => fact.editions));
    const left = [...holding].flatMap((id) => ended.get(id) ?? leavingTime(id, holding, replacements) ?? []);
    if (left.length === 0) continue;
    const leftAt = Math.max(...left);
    const isEarly = leftAt + graceMs < key.notAfter.getTime() && leftAt < key.usageEnd.getTime();
    if (isEarly) found.set(keySha256, new Date(leftAt));
  }
  return found;
}

/** When operators ended editions; those of a publisher that was revoked never counted. */
function leavingTimes(
  editions: readonly EditionFact[],
  inForce: readonly EditionFact[],
): ReadonlyMap<number, number> {
  const current = new Set(inForce.map(({ id }) => id));
  return new Map(
    editions
      .filter(({ id }) => !current.has(id))
      .map(({ id, endedAt, signingTime }) => [id, (endedAt ?? signingTime).getTime()]),
  );
}

function leavingTime(
  edition: number,
  holding: ReadonlySet<number>,
  replacements: ReadonlyMap<number, readonly EditionFact[]>,
): number | undefined {
  const next = replacements.get(edition) ?? [];
  return next.some(({ id }) => holding.has(id)) ? undefined : next[0]?.signingTime.getTime();
}

function revocations(
  { crls, decisions }: TrustFacts,
  authorities: readonly KnownAuthority[],
  lineage: KeyLineage,
  withdrawnKeys: ReadonlyMap<string, Date>,
): Pick<TrustState, "effectiveCrls" | "grounds" | "revokedCertificates" | "revokedKeys"> {
  const byKey = Map.groupBy(crls.toSorted(newestFirst), ({ keySha256 }) => keySha256);
  const operators = [...decisions.revokedKeys].map((key) => [key, null] as const);
  let revokedKeys: ReadonlyMap<string, RevocationGround | null> = new Map([
    ...selfRevoked(byKey, authorities, decisions.liftedKeys),
    ...operators,
  ]);
  for (;;) {
    const isLimited = (key: string) => revokedKeys.has(key) || withdrawnKeys.has(key);
    // What such a key says adds to what it said before: whoever holds it now must not lift anything.
    const effective = [...byKey]
      .flatMap(([key, ofKey]) => (isLimited(key) ? ofKey : newestCrls(ofKey, (crl) => crl)))
      .toSorted(newestFirst);
    const grounds = groundsOf(effective);
    const revokedCertificates = revokedBy(grounds, authorities, lineage, decisions.liftedKeys);
    const roots = authorities
      .flatMap(({ certificate, keySha256, issuerKeySha256 }) => {
        const ground = revokedCertificates.get(certificate.sha256);
        return ground !== undefined && issuerKeySha256 === keySha256 ? [[keySha256, ground] as const] : [];
      })
      // Of several roots it is the same one, whichever came first.
      .toSorted(([, a], [, b]) => (a.serialNumber < b.serialNumber ? -1 : 1));
    const next = new Map<string, RevocationGround | null>([...roots, ...operators]);
    if (next.size === revokedKeys.size) {
      const effectiveCrls = new Set(effective.map(({ sha256 }) => sha256));
      return { effectiveCrls, grounds, revokedCertificates, revokedKeys: next };
    }
    revokedKeys = next;
  }
}

/** A key that once revoked its own root cannot take that back: only an operator can. */
function selfRevoked(
  crlsByKey: ReadonlyMap<string, readonly CrlFact[]>,
  authorities: readonly KnownAuthority[],
  lifted: ReadonlySet<string>,
): readonly (readonly [string, RevocationGround])[] {
  return authorities.flatMap(({ certificate, keySha256, issuerKeySha256 }) => {
    if (issuerKeySha256 !== keySha256 || lifted.has(keySha256)) return [];
    const grounds = groundsOf(crlsByKey.get(keySha256) ?? []).get(toHex(certificate.serialNumber));
    const [ground] = grounds ?? [];
    return ground === undefined ? [] : [[keySha256, ground] as const];
  });
}

/** Those of one instant by their digests, so that it is the same one that gives a reason, whichever came first. */
function newestFirst(a: CrlFact, b: CrlFact): number {
  return b.thisUpdate.getTime() - a.thisUpdate.getTime() || (a.sha256 < b.sha256 ? -1 : 1);
}

function groundsOf(effective: readonly CrlFact[]): ReadonlyMap<string, readonly RevocationGround[]> {
  const bySerial = new Map<string, RevocationGround[]>();
  for (const { sha256: crlSha256, keySha256, revoked } of effective) {
    for (const entry of revoked) {
      if (entry.reason === "removeFromCRL") continue;
      const grounds = bySerial.get(entry.serialNumber) ?? [];
      bySerial.set(entry.serialNumber, grounds);
      grounds.push({ ...entry, crlSha256, keySha256 });
    }
  }
  return bySerial;
}

function revokedBy(
  grounds: ReadonlyMap<string, readonly RevocationGround[]>,
  authorities: readonly KnownAuthority[],
  lineage: KeyLineage,
  lifted: ReadonlySet<string>,
): ReadonlyMap<string, RevocationGround> {
  const found = new Map<string, RevocationGround>();
  for (const { certificate, keySha256, issuerKeySha256 } of authorities) {
    if (issuerKeySha256 === undefined || lifted.has(keySha256)) continue;
    const ground = groundOf(certificate, issuerKeySha256, { grounds, lineage });
    if (ground !== undefined) found.set(certificate.sha256, ground);
  }
  return found;
}

/** What revokes a certificate that this key issued; undefined if nothing does. */
export function groundOf(
  { serialNumber }: Certificate,
  issuerKeySha256: string,
  { grounds, lineage }: Pick<TrustState, "grounds" | "lineage">,
): RevocationGround | undefined {
  const candidates = grounds.get(toHex(serialNumber));
  if (candidates === undefined) return undefined;
  const speakers = lineage.speakersFor(issuerKeySha256);
  return candidates.find(({ keySha256 }) => speakers.has(keySha256));
}

// What a publisher drops in the last month of a certificate has run out, not been taken back.
const graceMs = 30 * 24 * 60 * 60 * 1000;
