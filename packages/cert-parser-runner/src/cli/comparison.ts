/**
 * What became of a list from one edition to the next.
 *
 * @module
 */

import {
  type Bundle,
  type Certificate,
  type CertificateJudgment,
  countriesWithoutCsca,
  judgeCertificates,
  type MasterList,
  type Publisher,
  type PublisherRollover,
  roleOf,
  type SignatureEngine,
  type SignedObject,
  toCertificateRecord,
  verifyMasterList,
} from "cert-parser-core";
import { certificatesOf } from "./bundle-parts.ts";

/** One of the two files. */
export interface Edition {
  readonly bundle: Bundle;
  /** Each once, in the order of the file, without those of envelopes. */
  readonly certificates: readonly Certificate[];
  /** When the last of its lists was signed, by its own word; null where none says so. */
  readonly signingTime: Date | null;
  /** Those of its lists whose signatures are good, each once. */
  readonly publishers: readonly Publisher[];
}

/** A country, and how many of its certificates came and went. */
export interface CountryChange {
  /** Upper case; null where there is none. */
  readonly country: string | null;
  readonly added: number;
  /** Those that are valid still. */
  readonly removed: number;
  /** Those that had expired. */
  readonly removedExpired: number;
}

/** A link of the new edition whose issuer only the old one has. */
export interface LostIssuer {
  readonly link: Certificate;
  readonly issuer: Certificate;
}

/** A country without a valid CSCA certificate that had one. */
export interface LostCountry {
  readonly country: string;
  /** `removed`: one that is valid still is not there any more. */
  readonly because: "expired" | "removed";
}

/** All that changed. */
export interface Comparison {
  readonly old: Edition;
  readonly new: Edition;
  /** The signing time of the new edition, or the present where it has none: what had expired is counted by it. */
  readonly instant: Date;
  readonly added: readonly Certificate[];
  readonly removed: readonly Certificate[];
  readonly byCountry: readonly CountryChange[];
  readonly lostIssuers: readonly LostIssuer[];
  readonly lostCountries: readonly LostCountry[];
  /** Of the new edition, those that the old one does not have. */
  readonly newPublishers: readonly NewPublisher[];
}

/** A publisher, and the links that lead to it from one of the old edition. */
export interface NewPublisher extends Publisher {
  readonly rollover: PublisherRollover | null;
}

/** Compares two files. */
export async function compareBundles(
  before: Bundle,
  after: Bundle,
  options: ComparisonOptions,
): Promise<Comparison> {
  const [old, young] = [await readEdition(before, options), await readEdition(after, options)];
  const instant = young.signingTime ?? options.now;
  const [inOld, inNew] = [digestsOf(old), digestsOf(young)];
  const added = young.certificates.filter(({ sha256 }) => !inOld.has(sha256));
  const removed = old.certificates.filter(({ sha256 }) => !inNew.has(sha256));
  const judged = judgeCertificates(young.certificates, options);
  return {
    old,
    new: young,
    instant,
    added,
    removed,
    byCountry: changesByCountry(added, removed, instant),
    lostIssuers: lostIssuers(judged, old, options),
    lostCountries: lostCountries(judged, old, instant, options),
    newPublishers: await newPublishers(old, young, options),
  };
}

/** What to compare with. */
export interface ComparisonOptions {
  readonly now: Date;
  readonly engine: SignatureEngine;
}

/** Whether it had expired by then. */
export function isExpired({ notAfter }: Certificate, instant: Date): boolean {
  return notAfter < instant;
}

async function readEdition(bundle: Bundle, { now, engine }: ComparisonOptions): Promise<Edition> {
  const certificates = new Map<string, Certificate>();
  for (const certificate of certificatesOf(bundle, false)) certificates.set(certificate.sha256, certificate);
  const publishers = new Map<string, Publisher>();
  let signingTime: Date | null = null;
  for (const list of bundle.objects.filter(isMasterList)) {
    const verdict = await verifyMasterList(list, { now, engine });
    if (verdict.publisher !== null) publishers.set(verdict.publisher.keySha256, verdict.publisher);
    for (const { signingTime: time } of verdict.signers) {
      if (time !== null && (signingTime === null || time > signingTime)) signingTime = time;
    }
  }
  return {
    bundle,
    certificates: [...certificates.values()],
    signingTime,
    publishers: [...publishers.values()],
  };
}

function isMasterList(object: SignedObject): object is MasterList {
  return object.kind === "master-list";
}

function digestsOf({ certificates }: Edition): ReadonlySet<string> {
  return new Set(certificates.map(({ sha256 }) => sha256));
}

function changesByCountry(
  added: readonly Certificate[],
  removed: readonly Certificate[],
  instant: Date,
): readonly CountryChange[] {
  const changes = new Map<string | null, { added: number; removed: number; removedExpired: number }>();
  const count = (certificate: Certificate, what: "added" | "removed" | "removedExpired") => {
    const { country } = toCertificateRecord(certificate);
    const change = changes.get(country) ?? { added: 0, removed: 0, removedExpired: 0 };
    change[what]++;
    changes.set(country, change);
  };
  for (const certificate of added) count(certificate, "added");
  for (const certificate of removed) {
    count(certificate, isExpired(certificate, instant) ? "removedExpired" : "removed");
  }
  return [...changes]
    .map(([country, change]) => ({ country, ...change }))
    .toSorted((a, b) => ((a.country ?? "") < (b.country ?? "") ? -1 : 1));
}

/** What the new edition cannot say of itself, and could with the old one. */
function lostIssuers(
  judged: readonly CertificateJudgment[],
  old: Edition,
  { engine }: ComparisonOptions,
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
  options: ComparisonOptions,
): readonly LostCountry[] {
  const before = judgeCertificates(old.certificates, options);
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
  const all = judged.flatMap(({ certificate }) =>
    authorityRoles.has(roleOf(certificate)) ? (toCertificateRecord(certificate).country ?? []) : [],
  );
  return new Set(all.toSorted().filter((country) => !without.has(country)));
}

async function newPublishers(
  old: Edition,
  young: Edition,
  { now, engine }: ComparisonOptions,
): Promise<readonly NewPublisher[]> {
  const known = new Set(old.publishers.map(({ keySha256 }) => keySha256));
  if (young.publishers.every(({ keySha256 }) => known.has(keySha256))) return [];
  const trustedKeys = [...known].map((keySha256) => ({ keySha256, retired: false }));
  const found: NewPublisher[] = [];
  for (const list of young.bundle.objects.filter(isMasterList)) {
    const options = { now, engine, authorities: old.certificates };
    const { publisher, rollover } = await verifyMasterList(list, {
      ...options,
      ...(known.size === 0 ? {} : { trustedKeys }),
    });
    if (publisher !== null && !known.has(publisher.keySha256)) found.push({ ...publisher, rollover });
  }
  return found;
}

const authorityRoles: ReadonlySet<string> = new Set(["csca", "link"]);
