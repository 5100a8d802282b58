/**
 * What the AlgorithmIdentifier of a key says of it: RFC 3279 section 2.3, RFC 5480, RFC 8410.
 *
 * @module
 */

import { bitLengthAt } from "../der/integer.ts";
import { idDsa, idEcPublicKey, idEd448, idEd25519, rsaEncryption } from "../der/oids.ts";
import { expectElement } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { CertParserError } from "../errors.ts";
import type { AlgorithmIdentifier } from "./algorithm-identifier.ts";
import { type EcParameters, type EcParametersForm, parseEcParameters } from "./ec-parameters.ts";
import { noDeviations, type RelativeFinding } from "./relative-finding.ts";
import { noteParameters } from "./signature-algorithm.ts";

/** What keys of one algorithm and its parameters have in common. */
export interface KeyParameters {
  /** Bits of the prime (DSA) or of the field (EC, EdDSA); never 0; undefined where only the key tells (RSA), or nothing does. */
  readonly size: number | undefined;
  /** The curve by name; undefined for keys that are not on a known one. */
  readonly curve: string | undefined;
  /** How an EC key says which curve it is on; undefined for other keys. */
  readonly parameters: EcParametersForm | undefined;
  /** What is not as the standards have it; offsets count from the first byte of the AlgorithmIdentifier. */
  readonly deviations: readonly RelativeFinding[];
}

/** Tells what kind of key this is. Parameters that cannot be read are a deviation, not an error. */
export function describeKeyParameters(algorithm: AlgorithmIdentifier): KeyParameters {
  switch (algorithm.algorithm) {
    case rsaEncryption:
      return describeSimple(algorithm, true, "RFC 3279, 2.3.1", undefined, undefined);
    case idEd25519:
      return describeSimple(algorithm, false, "RFC 8410, 3", 256, "Ed25519");
    case idEd448:
      return describeSimple(algorithm, false, "RFC 8410, 3", 456, "Ed448");
    case idDsa:
      return { ...unknownParameters, size: primeBits(algorithm.parameters) };
    case idEcPublicKey:
      return describeCurve(algorithm);
    default:
      return unknownParameters;
  }
}

function describeSimple(
  algorithm: AlgorithmIdentifier,
  expectNull: boolean,
  clause: string,
  size: number | undefined,
  curve: string | undefined,
): KeyParameters {
  const deviations: RelativeFinding[] = [];
  noteParameters(algorithm, expectNull, clause, deviations);
  return { size, curve, parameters: undefined, deviations };
}

/** `Dss-Parms ::= SEQUENCE { p INTEGER, q INTEGER, g INTEGER }`; left out where the issuer's hold. */
function primeBits(parameters: Uint8Array | undefined): number | undefined {
  if (parameters === undefined) return undefined;
  try {
    const path = "Dss-Parms";
    const { contentStart, end } = expectElement(parameters, 0, parameters.length, Tag.SEQUENCE, path);
    return (
      bitLengthAt(parameters, expectElement(parameters, contentStart, end, Tag.INTEGER, path)) || undefined
    );
  } catch (error) {
    if (error instanceof CertParserError) return undefined;
    throw error;
  }
}

/** A curve that cannot be told is no reason to drop a trust anchor: its name is unknown then, and the reason is noted. */
function describeCurve({ der, parameters }: AlgorithmIdentifier): KeyParameters {
  const deviations: RelativeFinding[] = [];
  const offset = parameters === undefined ? der.length : der.length - parameters.length;
  const read = readCurve(parameters, deviations);
  return { ...read, deviations: deviations.map((each) => ({ ...each, offset: offset + each.offset })) };
}

function readCurve(parameters: Uint8Array | undefined, deviations: RelativeFinding[]): EcParameters {
  try {
    if (parameters !== undefined) return parseEcParameters(parameters, deviations);
    noteUnreadable("the key has no parameters, expected ECParameters", 0, deviations);
  } catch (error) {
    if (!(error instanceof CertParserError)) throw error;
    noteUnreadable(
      `the parameters of the key cannot be read: ${error.message}`,
      error.offset ?? 0,
      deviations,
    );
  }
  return { size: undefined, curve: undefined, parameters: "unrecognised" };
}

function noteUnreadable(message: string, offset: number, deviations: RelativeFinding[]): void {
  deviations.push({ code: "EC_PARAMETERS_UNRECOGNISED", message, offset, clause: "Doc 9303-12, 4.1.6" });
}

const unknownParameters: KeyParameters = {
  size: undefined,
  curve: undefined,
  parameters: undefined,
  deviations: noDeviations,
};
