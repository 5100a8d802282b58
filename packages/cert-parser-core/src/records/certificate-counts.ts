/**
 * Certificates counted by country, role, key and algorithm.
 *
 * @module
 */

import type { AlgorithmIdentifier } from "../x509/algorithm-identifier.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { DigestName } from "../x509/digest-algorithm.ts";
import type { EcParametersForm } from "../x509/ec-parameters.ts";
import type { PublicKey } from "../x509/public-key.ts";
import type { CertificateRole } from "../x509/role.ts";
import { describeSignatureAlgorithm, type SignatureScheme } from "../x509/signature-algorithm.ts";

/** Of the certificates that are listed or stand by themselves; those of envelopes are not among them. */
export interface CertificateCounts {
  /** How many certificates have each role. */
  readonly roles: RoleCounts;
  /** Sorted by country; those without one first. */
  readonly byCountry: readonly CountryCount[];
  /** The most frequent first. */
  readonly publicKeys: readonly PublicKeyCount[];
  /** The most frequent first. */
  readonly signatureAlgorithms: readonly SignatureAlgorithmCount[];
  /** How many had expired; null where no instant is known to count at. */
  readonly expired: number | null;
}

/** How many certificates have each role. */
export type RoleCounts = Readonly<Partial<Record<CertificateRole, number>>>;

/** The certificates of one country. */
export interface CountryCount {
  /** Upper case; null for certificates without a country. */
  readonly country: string | null;
  readonly certificates: number;
  readonly roles: RoleCounts;
  readonly expired: number | null;
}

/** How many keys are of one kind. */
export interface PublicKeyCount {
  /** Dotted OID. */
  readonly algorithm: string;
  readonly size: number | null;
  readonly curve: string | null;
  /** How EC keys say which curve they are on. */
  readonly parameters: EcParametersForm | null;
  readonly certificates: number;
}

/** How many signatures are of one kind. */
export interface SignatureAlgorithmCount {
  /** Dotted OID. */
  readonly algorithm: string;
  readonly scheme: SignatureScheme | null;
  readonly hash: DigestName | null;
  readonly certificates: number;
}

/** Counts certificates; `at` is the instant at which they are expired or not. */
export function countCertificates(
  certificates: readonly Certificate[],
  at: Date | undefined,
): CertificateCounts {
  const countries = new Map<string | null, CountryTally>();
  const publicKeys = new Map<string, Tally<PublicKey>>();
  // Certificates of a file share the objects of their algorithms.
  const algorithms = new Map<AlgorithmIdentifier, number>();
  for (const certificate of certificates) {
    const { publicKey, signatureAlgorithm } = certificate;
    tallyCountry(countries, certificate, at);
    const { algorithm, size, curve, parameters } = publicKey;
    tally(publicKeys, `${algorithm.algorithm} ${size} ${curve} ${parameters}`, publicKey);
    algorithms.set(signatureAlgorithm, (algorithms.get(signatureAlgorithm) ?? 0) + 1);
  }
  const byCountry = [...countries.values()].sort((a, b) => compare(a.country ?? "", b.country ?? ""));
  return {
    roles: sumRoles(byCountry),
    byCountry,
    publicKeys: mostFrequentFirst([...publicKeys.values()].map(countedKey)),
    signatureAlgorithms: countAlgorithms(algorithms),
    expired: at === undefined ? null : byCountry.reduce((total, { expired }) => total + (expired ?? 0), 0),
  };
}

interface Tally<T> {
  readonly sample: T;
  count: number;
}

function tally<T>(tallies: Map<string, Tally<T>>, key: string, sample: T, count = 1): void {
  const known = tallies.get(key);
  if (known === undefined) tallies.set(key, { sample, count });
  else known.count += count;
}

interface CountryTally {
  readonly country: string | null;
  certificates: number;
  readonly roles: Partial<Record<CertificateRole, number>>;
  expired: number | null;
}

function tallyCountry(
  countries: Map<string | null, CountryTally>,
  certificate: Certificate,
  at: Date | undefined,
): void {
  const country = certificate.country?.toUpperCase() ?? null;
  let counted = countries.get(country);
  if (counted === undefined) {
    counted = { country, certificates: 0, roles: {}, expired: at === undefined ? null : 0 };
    countries.set(country, counted);
  }
  const { role } = certificate.roleBasis;
  counted.certificates++;
  counted.roles[role] = (counted.roles[role] ?? 0) + 1;
  if (at !== undefined && certificate.notAfter < at) counted.expired = (counted.expired ?? 0) + 1;
}

function sumRoles(countries: readonly CountryCount[]): RoleCounts {
  const roles: Partial<Record<CertificateRole, number>> = {};
  for (const each of countries) {
    for (const [name, count] of Object.entries(each.roles)) {
      const role = name as CertificateRole;
      roles[role] = (roles[role] ?? 0) + count;
    }
  }
  return roles;
}

function countedKey({ sample, count }: Tally<PublicKey>): PublicKeyCount {
  return {
    algorithm: sample.algorithm.algorithm,
    size: sample.size ?? null,
    curve: sample.curve ?? null,
    parameters: sample.parameters ?? null,
    certificates: count,
  };
}

function countAlgorithms(
  algorithms: ReadonlyMap<AlgorithmIdentifier, number>,
): readonly SignatureAlgorithmCount[] {
  const tallies = new Map<string, Tally<Omit<SignatureAlgorithmCount, "certificates">>>();
  for (const [identifier, count] of algorithms) {
    const { scheme = null, hash = null } = describeSignatureAlgorithm(identifier);
    const { algorithm } = identifier;
    tally(tallies, `${algorithm} ${hash}`, { algorithm, scheme, hash }, count);
  }
  return mostFrequentFirst(
    [...tallies.values()].map(({ sample, count }) => ({ ...sample, certificates: count })),
  );
}

function mostFrequentFirst<T extends { readonly algorithm: string; readonly certificates: number }>(
  counts: readonly T[],
): readonly T[] {
  return counts.toSorted((a, b) => b.certificates - a.certificates || compare(a.algorithm, b.algorithm));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
