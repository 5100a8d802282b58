/**
 * Everything that a bundle says, as plain data: the document of `inspect --json`.
 *
 * @module
 */

import type { CrlReason } from "../crl/crl-reason.ts";
import type { RevocationList } from "../crl/revocation-list.ts";
import { formatTime } from "../der/time.ts";
import type { Origin } from "../findings.ts";
import type { Bundle, PkdDirectory } from "../icao/bundle.ts";
import { isDeviationList } from "../icao/deviation-list.ts";
import { createPortableEngine } from "../signatures/portable-engine.ts";
import type { SignatureEngine } from "../signatures/signature-engine.ts";
import { type BundleSummary, summariseBundle } from "./bundle-summary.ts";
import { type CertificateCounts, countCertificates } from "./certificate-counts.ts";
import { type CrlRecord, toCrlRecord } from "./crl-record.ts";
import { type DeviationRecord, toDeviationRecord } from "./deviation-record.ts";
import { type FindingExamples, findingExamples } from "./finding-examples.ts";
import { describeObject, type ObjectDescription } from "./object-description.ts";

/** A whole bundle, ready for JSON: the figures of its summary, and what they are made of. */
export interface BundleDescription extends BundleSummary, CertificateCounts {
  /** The instant at which `expired` is counted, `YYYY-MM-DDTHH:MM:SSZ`: the latest signing time, or the one given. */
  readonly expiredAt: string | null;
  /** Each list, and what stands by itself, in the order of the file. */
  readonly objects: readonly ObjectDescription[];
  readonly revocationLists: readonly CrlDescription[];
  /** One for each LDIF file. */
  readonly directories: readonly DirectoryDescription[];
  /** How often the directory gives each code, such as `ERR:CSCA.CDP.14`. */
  readonly conformanceCodes: Readonly<Record<string, number>>;
  readonly deviations: readonly ListedDeviation[];
  /** The first finding of each code, with its place. */
  readonly findingExamples: FindingExamples;
}

/** A CRL without its entries. */
export interface CrlDescription extends CrlRecord {
  /** How many entries give each reason. */
  readonly reasons: Readonly<Partial<Record<CrlReason | "none", number>>>;
}

/** A deviation, and where its list stood. */
export interface ListedDeviation extends DeviationRecord {
  /** The part of the file that the list stood in; null where the file is nothing else. */
  readonly origin: Origin | null;
}

/** What an LDIF file says of the directory. */
export interface DirectoryDescription {
  readonly records: number;
  readonly isDelta: boolean;
  readonly versions: readonly number[];
  /** What is to leave the collection below. */
  readonly changes: readonly DirectoryChange[];
}

/** Something that is to leave an entry of the directory. */
export interface DirectoryChange {
  readonly dn: string;
  /** Null where the whole entry goes. */
  readonly attribute: string | null;
  /** How many values go; 0 where all of the attribute do. */
  readonly values: number;
  readonly offset: number;
}

/** How to describe. */
export interface DescribeBundleOptions {
  /** The instant to count what has expired at, where no list says when it was signed. */
  readonly now?: Date;
  /** Finds which certificates made the signatures. Default: the portable one. */
  readonly engine?: SignatureEngine;
}

/** Describes a bundle in full, but for its certificates and the entries of its CRLs. */
export function describeBundle(
  bundle: Bundle,
  { now, engine = createPortableEngine() }: DescribeBundleOptions = {},
): BundleDescription {
  const { objects } = bundle;
  const certificates = objects.flatMap((object) => object.certificates);
  const at = latestSigningTime(bundle) ?? now;
  return {
    ...summariseBundle(bundle),
    ...countCertificates(certificates, at),
    expiredAt: at === undefined ? null : formatTime(at),
    objects: objects.map((object) => describeObject(object, engine)),
    revocationLists: objects.flatMap(({ crls }) => crls.map(describeCrl)),
    directories: bundle.directories.map(describeDirectory),
    conformanceCodes: countConformanceCodes(bundle),
    deviations: objects
      .filter(isDeviationList)
      .flatMap(({ deviations, origin = null }) =>
        deviations.map((deviation) => ({ ...toDeviationRecord(deviation), origin })),
      ),
    findingExamples: findingExamples(bundle),
  };
}

/** The signer's word: nothing of it was verified. */
function latestSigningTime({ objects }: Bundle): Date | undefined {
  let latest: Date | undefined;
  for (const { signers } of objects) {
    for (const { signingTime } of signers) {
      if (signingTime !== undefined && (latest === undefined || signingTime > latest)) latest = signingTime;
    }
  }
  return latest;
}

function describeCrl(crl: RevocationList): CrlDescription {
  const reasons: Partial<Record<CrlReason | "none", number>> = {};
  for (const { reason = "none" } of crl.revokedCertificates) reasons[reason] = (reasons[reason] ?? 0) + 1;
  return { ...toCrlRecord(crl), reasons };
}

function describeDirectory({ records, isDelta, versions, changes }: PkdDirectory): DirectoryDescription {
  return {
    records,
    isDelta,
    versions,
    changes: changes.map(({ values, ...change }) => ({ ...change, values: values.length })),
  };
}

function countConformanceCodes({ objects }: Bundle): BundleDescription["conformanceCodes"] {
  const counts = new Map<string, number>();
  for (const { kind, origin, certificates, crls, signers } of objects) {
    // The certificates of a list have the entry of the list: one code is counted once.
    const parts =
      signers.length > 0 || kind === "bare-master-list" ? [{ origin }] : [...certificates, ...crls];
    for (const part of parts) {
      for (const code of part.origin?.pkd?.conformanceCodes ?? []) {
        counts.set(code, (counts.get(code) ?? 0) + 1);
      }
    }
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
