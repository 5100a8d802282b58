/**
 * The keys of certification authorities, found by what a signature says of its issuer.
 *
 * @module
 */

import { equalBytes } from "../bytes/compare.ts";
import { toHex } from "../bytes/hex.ts";
import type { SignatureEngine } from "../signatures/signature-engine.ts";
import { canonicalPublicKey } from "../x509/canonical-key.ts";
import type { Certificate } from "../x509/certificate.ts";
import { countryOf, foldName, type Name } from "../x509/name.ts";
import type { PublicKey } from "../x509/public-key.ts";
import { roleOf } from "../x509/role.ts";

/** A key, with all the certificates over it: a root and its links, one root renewed, another name. */
export interface AuthorityKey {
  readonly keySha256: string;
  /** One for each spelling of the key, since one may verify what another does not. */
  readonly spellings: readonly PublicKey[];
  /** In the order in which they were given. */
  readonly certificates: readonly Certificate[];
  /** The first certificate of each subject, by its folded name. */
  readonly byName: ReadonlyMap<string, Certificate>;
}

/** Keys by what names them: distinct ones, in the order in which they were given. */
export interface AuthorityIndex {
  /** The key of a certificate that is in the index. */
  keyOf(certificate: Certificate): AuthorityKey | undefined;
  ofKey(keySha256: string): AuthorityKey | undefined;
  /**
   * Keys of this key identifier: those first that it is a digest of, since anybody can write the identifier of a CSCA into
   * certificates of other keys; then those whose subject is the issuer as well.
   */
  byKeyIdentifier(keyIdentifier: Uint8Array, issuer: Name): Iterable<AuthorityKey>;
  byName(issuer: Name): Iterable<AuthorityKey>;
  /** Keys of the country, in any case; those of no country if `country` is undefined. */
  byCountry(country: string | undefined): Iterable<AuthorityKey>;
}

/** What an index is made of, and with. */
export interface IndexOptions {
  readonly engine: Pick<SignatureEngine, "digest">;
  /**
   * Who vouches for a certificate, such as the publishers of the lists that hold it. Candidates are taken from each of them
   * in turn, so that whatever one of them lists keeps no key of another from being tried.
   */
  readonly witnessesOf?: (certificate: Certificate) => readonly string[];
}

/** Whether a certificate is for issuing others, by its content: a CSCA's, root or link. */
export function isAuthority(certificate: Certificate): boolean {
  const role = roleOf(certificate);
  return role === "csca" || role === "link";
}

/** SHA-256 of the key's canonical SubjectPublicKeyInfo, lower-case hex: a key is its numbers, however they are spelled. */
export function keySha256Of(publicKey: PublicKey, engine: Pick<SignatureEngine, "digest">): string {
  return toHex(engine.digest("SHA-256", canonicalPublicKey(publicKey)));
}

/** The same of a certificate, told once: a compressed point costs as much as a signature. */
export function certificateKeySha256(
  certificate: Certificate,
  engine: Pick<SignatureEngine, "digest">,
): string {
  const known = keysOfCertificates.get(certificate) ?? keySha256Of(certificate.publicKey, engine);
  keysOfCertificates.set(certificate, known);
  return known;
}

/** The country of a name as countries are compared: in upper case; empty if there is none. */
export function foldCountry(name: Name): string {
  return countryOf(name)?.toUpperCase() ?? "";
}

/** Indexes the CSCA certificates among `certificates`; the others issue nothing. */
export function indexAuthorities(
  certificates: readonly Certificate[],
  { engine, witnessesOf = () => oneWitness }: IndexOptions,
): AuthorityIndex {
  const keys = new Map<string, GrowingKey>();
  const keyByCertificate = new Map<Certificate, AuthorityKey>();
  const buckets = {
    derived: newBuckets(),
    both: newBuckets(),
    identifier: newBuckets(),
    name: newBuckets(),
    country: newBuckets(),
  };
  for (const certificate of certificates.filter(isAuthority)) {
    const name = foldName(certificate.subject);
    const key = addCertificate(keys, certificate, name, engine);
    keyByCertificate.set(certificate, key);
    const { subjectKeyIdentifier } = certificate;
    const isDerived = isDerivedIdentifier(certificate, engine);
    for (const witness of witnessesOf(certificate)) {
      if (subjectKeyIdentifier !== undefined) {
        const identifier = toHex(subjectKeyIdentifier);
        if (isDerived) addKey(buckets.derived, identifier, witness, key);
        addKey(buckets.both, `${identifier} ${name}`, witness, key);
        addKey(buckets.identifier, identifier, witness, key);
      }
      addKey(buckets.name, name, witness, key);
      addKey(buckets.country, foldCountry(certificate.subject), witness, key);
    }
  }
  return {
    keyOf: (certificate) => keyByCertificate.get(certificate),
    ofKey: (keySha256) => keys.get(keySha256),
    *byKeyIdentifier(keyIdentifier, issuer) {
      const identifier = toHex(keyIdentifier);
      yield* inTurn(buckets.derived.get(identifier));
      yield* inTurn(buckets.both.get(`${identifier} ${foldName(issuer)}`));
      yield* inTurn(buckets.identifier.get(identifier));
    },
    byName: (issuer) => inTurn(buckets.name.get(foldName(issuer))),
    byCountry: (country) => inTurn(buckets.country.get(country?.toUpperCase() ?? "")),
  };
}

/** Whether the key identifier is one of the digests of the key of RFC 5280, 4.2.1.2, and RFC 7093, 2: SHA-1, or SHA-256 cut off. */
function isDerivedIdentifier(
  { subjectKeyIdentifier, publicKey }: Certificate,
  engine: Pick<SignatureEngine, "digest">,
): boolean {
  if (subjectKeyIdentifier === undefined) return false;
  const { bytes } = publicKey.key;
  if (equalBytes(engine.digest("SHA-1", bytes), subjectKeyIdentifier)) return true;
  const { length } = subjectKeyIdentifier;
  if (length !== 20 && length !== 32) return false;
  return equalBytes(engine.digest("SHA-256", bytes).subarray(0, length), subjectKeyIdentifier);
}

interface GrowingKey extends AuthorityKey {
  readonly spellings: PublicKey[];
  readonly certificates: Certificate[];
  readonly byName: Map<string, Certificate>;
}

/** The keys of one bucket, by who vouches for them. */
type Bucket = Map<string, Set<AuthorityKey>>;
type Buckets = Map<string, Bucket>;

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
  const keySha256 = certificateKeySha256(certificate, engine);
  const key: GrowingKey = keys.get(keySha256) ?? {
    keySha256,
    spellings: [],
    certificates: [],
    byName: new Map(),
  };
  keys.set(keySha256, key);
  if (!key.spellings.some(({ der }) => equalBytes(der, publicKey.der))) key.spellings.push(publicKey);
  key.certificates.push(certificate);
  if (!key.byName.has(name)) key.byName.set(name, certificate);
  return key;
}

function addKey(buckets: Buckets, at: string, witness: string, key: AuthorityKey): void {
  const bucket: Bucket = buckets.get(at) ?? new Map();
  buckets.set(at, bucket);
  const keys = bucket.get(witness) ?? new Set();
  bucket.set(witness, keys);
  if (keys.size < maxKeysOfWitness) keys.add(key);
}

/** The first key of each witness, then the second: hundreds of keys that one publisher lists under a name delay each other key by one. */
function* inTurn(bucket: Bucket | undefined): Generator<AuthorityKey, void, undefined> {
  let queues = [...(bucket?.values() ?? [])].map((keys) => keys.values());
  while (queues.length > 0) {
    const rest: typeof queues = [];
    for (const queue of queues) {
      const { value, done } = queue.next();
      if (done === true) continue;
      yield value;
      rest.push(queue);
    }
    queues = rest;
  }
}

const oneWitness = [""];
const keysOfCertificates = new WeakMap<Certificate, string>();
// In ten lists of 2018 to 2026, China has the most: 22 keys in the country, ten of them under one name. No key identifier
// is of more than two.
const maxKeysOfWitness = 64;
