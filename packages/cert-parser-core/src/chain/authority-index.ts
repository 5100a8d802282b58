/**
 * The keys of certification authorities, found by what a signature says of its issuer.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import type { SignatureEngine } from "../signatures/signature-engine.ts";
import type { Certificate } from "../x509/certificate.ts";
import { countryOf, foldName, type Name } from "../x509/name.ts";
import type { PublicKey } from "../x509/public-key.ts";
import { roleOf } from "../x509/role.ts";

/** A key, with all the certificates that are of it: a root and its links, one root renewed, another name. */
export interface AuthorityKey {
  /** SHA-256 of the SubjectPublicKeyInfo, lower-case hex. */
  readonly keySha256: string;
  readonly publicKey: PublicKey;
  /** In the order in which they were given. */
  readonly certificates: readonly Certificate[];
  /** The first certificate of each subject, by its folded name. */
  readonly byName: ReadonlyMap<string, Certificate>;
}

/** Keys by what names them: distinct ones, in the order in which they were given, 64 at most. */
export interface AuthorityIndex {
  /** The key of a certificate that is in the index. */
  keyOf(certificate: Certificate): AuthorityKey | undefined;
  /** Keys of this key identifier, those first whose subject is the issuer as well. */
  byKeyIdentifier(keyIdentifier: Uint8Array, issuer: Name): Iterable<AuthorityKey>;
  byName(issuer: Name): Iterable<AuthorityKey>;
  /** Keys of the country, in any case; those of no country where `country` is undefined. */
  byCountry(country: string | undefined): Iterable<AuthorityKey>;
}

/** Whether a certificate is for issuing others, by its content: a CSCA's, root or link. */
export function isAuthority(certificate: Certificate): boolean {
  const role = roleOf(certificate);
  return role === "csca" || role === "link";
}

/** SHA-256 of the SubjectPublicKeyInfo, lower-case hex. */
export function keySha256Of(publicKey: PublicKey, engine: Pick<SignatureEngine, "digest">): string {
  return toHex(engine.digest("SHA-256", publicKey.der));
}

/** The country of a name as countries are compared: in upper case; empty where there is none. */
export function foldCountry(name: Name): string {
  return countryOf(name)?.toUpperCase() ?? "";
}

/** Indexes the CSCA certificates among `certificates`; the others issue nothing. */
export function indexAuthorities(
  certificates: readonly Certificate[],
  engine: Pick<SignatureEngine, "digest">,
): AuthorityIndex {
  const keys = new Map<string, GrowingKey>();
  const keyByCertificate = new Map<Certificate, AuthorityKey>();
  const buckets = { both: newBuckets(), identifier: newBuckets(), name: newBuckets(), country: newBuckets() };
  for (const certificate of certificates.filter(isAuthority)) {
    const name = foldName(certificate.subject);
    const key = addCertificate(keys, certificate, name, engine);
    keyByCertificate.set(certificate, key);
    const { subjectKeyIdentifier } = certificate;
    if (subjectKeyIdentifier !== undefined) {
      const identifier = toHex(subjectKeyIdentifier);
      addKey(buckets.both, `${identifier} ${name}`, key);
      addKey(buckets.identifier, identifier, key);
    }
    addKey(buckets.name, name, key);
    addKey(buckets.country, foldCountry(certificate.subject), key);
  }
  return {
    keyOf: (certificate) => keyByCertificate.get(certificate),
    *byKeyIdentifier(keyIdentifier, issuer) {
      const identifier = toHex(keyIdentifier);
      yield* buckets.both.get(`${identifier} ${foldName(issuer)}`) ?? [];
      yield* buckets.identifier.get(identifier) ?? [];
    },
    byName: (issuer) => buckets.name.get(foldName(issuer)) ?? [],
    byCountry: (country) => buckets.country.get(country?.toUpperCase() ?? "") ?? [],
  };
}

interface GrowingKey extends AuthorityKey {
  readonly certificates: Certificate[];
  readonly byName: Map<string, Certificate>;
}

type Buckets = Map<string, Set<AuthorityKey>>;

function newBuckets(): Buckets {
  return new Map();
}

function addCertificate(
  keys: Map<string, GrowingKey>,
  certificate: Certificate,
  name: string,
  engine: Pick<SignatureEngine, "digest">,
): AuthorityKey {
  const { publicKey } = certificate;
  const keySha256 = keySha256Of(publicKey, engine);
  const key: GrowingKey = keys.get(keySha256) ?? {
    keySha256,
    publicKey,
    certificates: [],
    byName: new Map(),
  };
  keys.set(keySha256, key);
  key.certificates.push(certificate);
  if (!key.byName.has(name)) key.byName.set(name, certificate);
  return key;
}

function addKey(buckets: Buckets, at: string, key: AuthorityKey): void {
  const bucket = buckets.get(at) ?? new Set();
  buckets.set(at, bucket);
  if (bucket.size < maxKeysInBucket) bucket.add(key);
}

// In ten lists of 2018 to 2026, China has the most: 22 keys in the country, ten of them under one name. No key identifier
// is of more than two.
const maxKeysInBucket = 64;
