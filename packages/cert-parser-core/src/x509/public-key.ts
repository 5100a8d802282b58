/**
 * SubjectPublicKeyInfo, RFC 5280 section 4.1.2.7: which kind of key, how long, on which curve.
 *
 * @module
 */

import { type BitString, decodeBitString } from "../der/bit-string.ts";
import { bitLengthAt } from "../der/integer.ts";
import { decodeOid } from "../der/oid.ts";
import { idDsa, idEcPublicKey, idEd448, idEd25519, idRsassaPss, rsaEncryption } from "../der/oids.ts";
import { type Element, expectElement, expectEnd, rawBytes } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { CertParserError } from "../errors.ts";
import {
  type AlgorithmIdentifier,
  algorithmIdentifierAt,
  type FramedAlgorithmIdentifier,
} from "./algorithm-identifier.ts";
import { curvesByOid, matchEcParameters } from "./ec-parameters.ts";

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
export function publicKeyAt(input: Uint8Array, element: Element, path: string): PublicKey {
  const { algorithm, bits } = framePublicKey(input, element, path);
  const { size, curve } = measure(input, algorithm, bits);
  return {
    der: rawBytes(input, element),
    algorithm,
    key: decodeBitString(input, bits, path),
    size,
    curve,
  };
}

/** Throws unless `element` frames a SubjectPublicKeyInfo. */
export function checkPublicKey(input: Uint8Array, element: Element, path: string): void {
  decodeBitString(input, framePublicKey(input, element, path).bits, path);
}

function framePublicKey(
  input: Uint8Array,
  element: Element,
  path: string,
): { readonly algorithm: FramedAlgorithmIdentifier; readonly bits: Element } {
  const identifier = expectElement(input, element.contentStart, element.end, Tag.SEQUENCE, path);
  const algorithm = algorithmIdentifierAt(input, identifier, path);
  const bits = expectElement(input, identifier.end, element.end, Tag.BIT_STRING, path);
  expectEnd(bits.end, element.end, path);
  return { algorithm, bits };
}

interface Measure {
  readonly size: number | undefined;
  readonly curve: string | undefined;
}

/** A key that cannot be measured is no reason to drop a trust anchor: its size is unknown then. */
function measure(input: Uint8Array, algorithm: FramedAlgorithmIdentifier, bits: Element): Measure {
  try {
    return measureKey(input, algorithm, bits);
  } catch (error) {
    if (error instanceof CertParserError) return unknownMeasure;
    throw error;
  }
}

function measureKey(input: Uint8Array, algorithm: FramedAlgorithmIdentifier, bits: Element): Measure {
  const parameters = algorithm.parametersElement;
  switch (algorithm.algorithm) {
    case rsaEncryption:
    case idRsassaPss:
      // One octet of the BIT STRING counts its unused bits.
      return { size: firstIntegerBits(input, bits.contentStart + 1, bits.end), curve: undefined };
    case idDsa:
      return {
        size: parameters && firstIntegerBits(input, parameters.start, parameters.end),
        curve: undefined,
      };
    case idEcPublicKey:
      return parameters === undefined ? unknownMeasure : measureCurve(input, parameters);
    case idEd25519:
      return { size: 256, curve: "Ed25519" };
    case idEd448:
      return { size: 456, curve: "Ed448" };
    default:
      return unknownMeasure;
  }
}

/** RSAPublicKey and Dss-Parms both begin with the number that counts: the modulus, the prime. */
function firstIntegerBits(input: Uint8Array, start: number, end: number): number {
  const sequence = expectElement(input, start, end, Tag.SEQUENCE, "subjectPublicKey");
  return bitLengthAt(
    input,
    expectElement(input, sequence.contentStart, sequence.end, Tag.INTEGER, "subjectPublicKey"),
  );
}

function measureCurve(input: Uint8Array, parameters: Element): Measure {
  if (parameters.tag !== Tag.OBJECT_IDENTIFIER) return matchEcParameters(input, parameters);
  const curve = curvesByOid.get(decodeOid(input, parameters));
  return { size: curve?.bits, curve: curve?.name };
}

const unknownMeasure: Measure = { size: undefined, curve: undefined };
