/**
 * What changed from one edition of a list to the next.
 *
 * @module
 */

import { foldCountry, isAuthority } from "../chain/authority-index.ts";
import { type CertificateJudgment, judgeCertificates } from "../chain/certificate-verdict.ts";
import { countriesWithoutCsca } from "../chain/link-graph.ts";
import type { Bundle, SignedObject } from "../icao/bundle.ts";
import type { MasterList } from "../icao/master-list.ts";
import { createPortableEngine } from "../signatures/portable-engine.ts";
import type { SignatureEngine } from "../signatures/signature-engine.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { PublisherRollover } from "./link-path.ts";
import { verifyMasterList } from "./verify-list.ts";
import type { Publisher } from "./verify-signer.ts";

/** What one of the two sides holds: of a file, or of a store. */
export interface Edition {
  /** Each once, without those of envelopes. */
  readonly certificates: readonly Certificate[];
  /** SHA-256 of further certificates that it holds, if only their digests are known: document signers in a store. */
  readonly furtherDigests?: ReadonlySet<string>;
  /** When the last of its lists was signed, as its signers state; null if none does. */
  readonly signingTime: Date | null;
  /** Publishers of its lists whose signatures are good, each once. */
  readonly publishers: readonly EditionPublisher[];
}

/** Who published a list. */
export type EditionPublisher = Pick<Publisher, "country" | "keySha256" | "subject">;

/** A publisher that the old edition does not have, and the links that lead to it from one that it has. */
export interface NewPublisher extends EditionPublisher {
  readonly rollover: PublisherRollover | null;
}

/** How many certificates of a country came and went. */
export interface CountryChange {
  /** Upper case; null if the certificates name none. */
  readonly country: string | null;
  readonly added: number;
  /** Removed, and still valid. */
  readonly removed: number;
  readonly removedExpired: number;
}

/** A link of the new edition whose issuer only the old one has. */
export interface LostIssuer {
  readonly link: Certificate;
  readonly issuer: Certificate;
}

/** A country that had a valid CSCA certificate, and has none now. */
export interface LostCountry {
  readonly country: string;
  /** `removed`: a certificate that is still valid left. */
  readonly because: "expired" | "removed";
}

/** All that changed. */
export interface EditionComparison {
  readonly old: Edition;
  readonly new: Edition;
  /** The signing time of the new edition, or `now` if it has none: what expired is counted by it. */
  readonly instant: Date;
  readonly added: readonly Certificate[];
  readonly removed: readonly Certificate[];
  /** What was removed of `old.furtherDigests`. */
  readonly removedDigests: readonly string[];
  readonly byCountry: readonly CountryChange[];
  readonly lostIssuers: readonly LostIssuer[];
  readonly lostCountries: readonly LostCountry[];
  readonly newPublishers: readonly NewPublisher[];
}

/** What to compare with. */
export interface CompareEditionsOptions {
  readonly now: Date;
  /** Default: the portable one. */
  readonly engine?: SignatureEngine;
}

/** Compares two files, or what a store holds with a file. It does not tell whom to trust. */
export async function compareEditions(
  before: Bundle | Edition,
  after: Bundle,
  { now, engine = createPortableEngine() }: CompareEditionsOptions,
): Promise<EditionComparison> {
  const context = { now, engine };
  const old = "objects" in before ? await editionOf(before, context) : before;
  const young = await editionOf(after, context);
  const instant = young.signingTime ?? now;
  const [inOld, inNew] = [digestsOf(old), digestsOf(young)];
  const added = young.certificates.filter(({ sha256 }) => !inOld.has(sha256));
  const removed = old.certificates.filter(({ sha256 }) => !inNew.has(sha256));
  const judged = judgeCertificates(young.certificates, context);
  return {
    old,
    new: young,
    instant,
    added,
    removed,
    removedDigests: [...(old.furtherDigests ?? [])].filter((sha256) => !inNew.has(sha256)),
    byCountry: changesByCountry(added, removed, instant),
    lostIssuers: lostIssuers(judged, old, context),
    lostCountries: lostCountries(judged, old, instant, context),
    newPublishers: await newPublishers(old, young, after.objects.filter(isMasterList), context),
  };
}

type Context = Required<CompareEditionsOptions>;

async function editionOf({ objects }: Bundle, { now, engine }: Context): Promise<Edition> {
  const all = objects.flatMap(({ certificates }) => certificates);
  const publishers = new Map<string, EditionPublisher>();
  let signingTime: Date | null = null;
  for (const list of objects.filter(isMasterList)) {
    const { publisher, signers } = await verifyMasterList(list, { now, engine });
    if (publisher !== null) publishers.set(publisher.keySha256, publisher);
    for (const { signingTime: time } of signers) {
      if (time !== null && (signingTime === null || time > signingTime)) signingTime = time;
    }
  }
  return {
    certificates: [...new Map(all.map((certificate) => [certificate.sha256, certificate])).values()],
    signingTime,
    publishers: [...publishers.values()],
  };
}

function isMasterList(object: SignedObject): object is MasterList {
  return object.kind === "master-list";
}

function digestsOf({ certificates, furtherDigests = new Set() }: Edition): ReadonlySet<string> {
  return new Set([...certificates.map(({ sha256 }) => sha256), ...furtherDigests]);
}

function changesByCountry(
  added: readonly Certificate[],
  removed: readonly Certificate[],
  instant: Date,
): readonly CountryChange[] {
  const changes = new Map<string, { added: number; removed: number; removedExpired: number }>();
  const count = ({ subject }: Certificate, what: "added" | "removed" | "removedExpired") => {
    const country = foldCountry(subject);
    const change = changes.get(country) ?? { added: 0, removed: 0, removedExpired: 0 };
    change[what]++;
    changes.set(country, change);
  };
  for (const certificate of added) count(certificate, "added");
  for (const certificate of removed)
    count(certificate, certificate.notAfter < instant ? "removedExpired" : "removed");
  return [...changes]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([country, change]) => ({ country: country === "" ? null : country, ...change }));
}

/** Links whose issuer the new edition lacks, and the old one has. */
function lostIssuers(
  judged: readonly CertificateJudgment[],
  old: Edition,
  { engine }: Context,
): readonly LostIssuer[] {
  const absent = judged
    .filter(({ verdict }) => verdict === "issuer-absent" || verdict === "signature-invalid")
    .map(({ certificate }) => certificate);
  return judgeCertificates(absent, { authorities: old.certificates, engine }).flatMap(
    ({ verdict, certificate, issuer }) =>
      verdict === "link" && issuer !== undefined ? [{ link: certificate, issuer }] : [],
  );
}

function lostCountries(
  judged: readonly CertificateJudgment[],
  old: Edition,
  instant: Date,
  context: Context,
): readonly LostCountry[] {
  const before = judgeCertificates(old.certificates, context);
  const had = countriesWithCsca(before, old.signingTime ?? instant);
  const has = countriesWithCsca(judged, instant);
  const stillHad = countriesWithCsca(before, instant);
  return [...had]
    .filter((country) => !has.has(country))
    .map((country) => ({ country, because: stillHad.has(country) ? "removed" : "expired" }));
}

/** In alphabetical order. */
function countriesWithCsca(judged: readonly CertificateJudgment[], instant: Date): ReadonlySet<string> {
  const without = new Set(countriesWithoutCsca(judged, instant));
  const countries = judged
    .filter(({ certificate }) => isAuthority(certificate))
    .map(({ certificate }) => foldCountry(certificate.subject));
  return new Set(countries.toSorted().filter((country) => country !== "" && !without.has(country)));
}

async function newPublishers(
  old: Edition,
  young: Edition,
  lists: readonly MasterList[],
  { now, engine }: Context,
): Promise<readonly NewPublisher[]> {
  const known = new Set(old.publishers.map(({ keySha256 }) => keySha256));
  if (young.publishers.every(({ keySha256 }) => known.has(keySha256))) return [];
  const trustedKeys = [...known].map((keySha256) => ({ keySha256, retired: false }));
  const found = new Map<string, NewPublisher>();
  for (const list of lists) {
    const { publisher, rollover } = await verifyMasterList(list, {
      now,
      engine,
      authorities: old.certificates,
      ...(known.size === 0 ? {} : { trustedKeys }),
    });
    if (publisher === null || known.has(publisher.keySha256)) continue;
    found.set(publisher.keySha256, { ...publisher, rollover });
  }
  return [...found.values()];
}
