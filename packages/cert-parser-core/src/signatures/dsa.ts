/**
 * DSA, FIPS 186-4 section 4.7, with the key of RFC 3279 section 2.3.2.
 *
 * ```asn1
 * Dss-Parms ::= SEQUENCE { p INTEGER, q INTEGER, g INTEGER }
 * DSAPublicKey ::= INTEGER
 * ```
 *
 * No key of the lists that we have seen is one: plain arithmetic serves every engine.
 *
 * @module
 */

import { contentBytes, type Element, expectElement, expectEnd } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { inverseModuloPrime, modularPower } from "../x509/modular-power.ts";
import type { PublicKey } from "../x509/public-key.ts";
import { os2ip } from "./data-conversion.ts";
import type { SignatureDigest, SignatureEngine } from "./signature-engine.ts";
import { readSignatureValue } from "./signature-value.ts";
import { accepted, invalid, isRefusal, type Refusal, unsupported, type Verdict } from "./verdict.ts";

/** The numbers of a DSA key. */
export interface DsaKey {
  readonly p: bigint;
  readonly q: bigint;
  readonly g: bigint;
  readonly y: bigint;
}

/** Reads a key with its parameters. Throws `CertParserError` where they are not the SEQUENCE. */
export function readDsaKey({ algorithm, key, size = 0 }: PublicKey): DsaKey | Refusal {
  const { parameters } = algorithm;
  if (parameters === undefined) return unsupported("the DSA key inherits its parameters");
  const [p, q, g] = readNumbers(parameters);
  const integer = expectElement(key.bytes, 0, key.bytes.length, Tag.INTEGER, "DSAPublicKey");
  expectEnd(integer.end, key.bytes.length, "DSAPublicKey");
  const y = readNumber(key.bytes, integer);
  if (size > maxDsaPrimeBits || !orderBits.includes(q.toString(2).length)) {
    return unsupported("the DSA key is of a size that FIPS 186-4, 4.2 does not have");
  }
  return isInGroup(g, p, q) && isInGroup(y, p, q)
    ? { p, q, g, y }
    : invalid("the DSA key or its generator is not of the order that its parameters say");
}

/** Verifies a signature over `data`. */
export function verifyDsa(
  engine: SignatureEngine,
  { p, q, g, y }: DsaKey,
  hash: SignatureDigest,
  data: Uint8Array,
  signature: Uint8Array,
): Verdict {
  const value = readSignatureValue(signature, q);
  if (isRefusal(value)) return value;
  // The leftmost bits of the digest, as many as the order has: all the orders are of whole octets.
  const digest = engine.digest(hash, data).subarray(0, q.toString(2).length / 8);
  const w = inverseModuloPrime(value.s, q);
  const u1 = (os2ip(digest) * w) % q;
  const u2 = (value.r * w) % q;
  const v = ((modularPower(g, u1, p) * modularPower(y, u2, p)) % p) % q;
  return v === value.r ? accepted() : invalid("the signature is not that of this key over this data");
}

function readNumbers(parameters: Uint8Array): readonly [p: bigint, q: bigint, g: bigint] {
  const sequence = expectElement(parameters, 0, parameters.length, Tag.SEQUENCE, path);
  expectEnd(sequence.end, parameters.length, path);
  const p = expectElement(parameters, sequence.contentStart, sequence.end, Tag.INTEGER, path);
  const q = expectElement(parameters, p.end, sequence.end, Tag.INTEGER, path);
  const g = expectElement(parameters, q.end, sequence.end, Tag.INTEGER, path);
  expectEnd(g.end, sequence.end, path);
  return [readNumber(parameters, p), readNumber(parameters, q), readNumber(parameters, g)];
}

/** 0, which none of the numbers may be, for one that is negative or too long to reckon with. */
function readNumber(der: Uint8Array, element: Element): bigint {
  const octets = contentBytes(der, element);
  return (octets[0] ?? 0x80) < 0x80 && octets.length <= 1 + maxDsaPrimeBits / 8 ? os2ip(octets) : 0n;
}

/** FIPS 186-4, A.2.2: an element of another order would tell, or take, what it likes. */
function isInGroup(element: bigint, p: bigint, q: bigint): boolean {
  return element > 1n && element < p && modularPower(element, q, p) === 1n;
}

const path = "Dss-Parms";
/** The largest prime that FIPS 186-4, 4.2 has. No key of the lists is of DSA at all; OpenSSL takes 10,000 bits. */
export const maxDsaPrimeBits = 3072;
const orderBits: readonly number[] = [160, 224, 256];
