/**
 * SubjectPublicKeyInfo, RFC 5280 section 4.1.2.7: which kind of key, how long, on which curve.
 *
 * @module
 */

import { type BitString, decodeBitString } from "../der/bit-string.ts";
import { bitLength } from "../der/integer.ts";
import { decodeOid } from "../der/oid.ts";
import {
  contentBytes,
  type Element,
  expectElement,
  expectEnd,
  rawBytes,
  readElement,
} from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { CertParserError } from "../errors.ts";
import { type AlgorithmIdentifier, algorithmIdentifierAt } from "./algorithm-identifier.ts";
import { ellipticCurves } from "./ec-curves.ts";
import { matchEcParameters } from "./ec-parameters.ts";
import { idDsa, idEcPublicKey, idEd448, idEd25519, idRsassaPss, rsaEncryption } from "./oids.ts";

/** A public key as the certificate carries it. */
export interface PublicKey {
  /** SubjectPublicKeyInfo. */
  readonly der: Uint8Array;
  readonly algorithm: AlgorithmIdentifier;
  /** The content of subjectPublicKey. */
  readonly key: BitString;
  /** Bits of the modulus (RSA, DSA) or of the field (EC); undefined for kinds of keys that are not known here. */
  readonly size: number | undefined;
  /** The curve by name, whether the key names it or spells out all its parameters; undefined for any other. */
  readonly curve: string | undefined;
}

/** Reads the SubjectPublicKeyInfo that `element` frames. */
export function publicKeyAt(der: Uint8Array, element: Element, path: string): PublicKey {
  const identifier = expectElement(der, element.contentStart, element.end, Tag.SEQUENCE, path);
  const algorithm = algorithmIdentifierAt(der, identifier, path);
  const bits = expectElement(der, identifier.end, element.end, Tag.BIT_STRING, path);
  expectEnd(bits.end, element.end, path);
  const key = decodeBitString(der, bits, path);
  return { der: rawBytes(der, element), algorithm, key, ...measure(algorithm, key.bytes) };
}

interface Measure {
  readonly size: number | undefined;
  readonly curve: string | undefined;
}

/** A key that cannot be measured is no reason to drop a trust anchor: its size is unknown then. */
function measure(algorithm: AlgorithmIdentifier, key: Uint8Array): Measure {
  try {
    return measureKey(algorithm, key);
  } catch (error) {
    if (error instanceof CertParserError) return unknownMeasure;
    throw error;
  }
}

function measureKey({ algorithm, parameters }: AlgorithmIdentifier, key: Uint8Array): Measure {
  switch (algorithm) {
    case rsaEncryption:
    case idRsassaPss:
      return { size: firstIntegerBits(key), curve: undefined };
    case idDsa:
      return { size: parameters && firstIntegerBits(parameters), curve: undefined };
    case idEcPublicKey:
      return parameters === undefined ? unknownMeasure : measureEcParameters(parameters);
    case idEd25519:
      return { size: 256, curve: "Ed25519" };
    case idEd448:
      return { size: 456, curve: "Ed448" };
    default:
      return unknownMeasure;
  }
}

/** RSAPublicKey and Dss-Parms both begin with the number that counts: the modulus, the prime. */
function firstIntegerBits(der: Uint8Array): number {
  const sequence = expectElement(der, 0, der.length, Tag.SEQUENCE, "subjectPublicKey");
  const integer = expectElement(der, sequence.contentStart, sequence.end, Tag.INTEGER, "subjectPublicKey");
  return bitLength(contentBytes(der, integer));
}

function measureEcParameters(parameters: Uint8Array): Measure {
  const element = readElement(parameters);
  if (element.tag === Tag.OBJECT_IDENTIFIER) {
    const oid = decodeOid(parameters, element);
    const curve = ellipticCurves.find((known) => known.oid === oid);
    return { size: curve?.bits, curve: curve?.name };
  }
  return matchEcParameters(parameters, element);
}

const unknownMeasure: Measure = { size: undefined, curve: undefined };
