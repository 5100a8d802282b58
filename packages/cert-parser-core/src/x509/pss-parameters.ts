/**
 * RSASSA-PSS-params, RFC 4055 section 3.1.
 *
 * ```asn1
 * RSASSA-PSS-params ::= SEQUENCE {
 *   hashAlgorithm    [0] HashAlgorithm    DEFAULT sha1Identifier,
 *   maskGenAlgorithm [1] MaskGenAlgorithm DEFAULT mgf1SHA1Identifier,
 *   saltLength       [2] INTEGER          DEFAULT 20,
 *   trailerField     [3] INTEGER          DEFAULT 1 }
 * ```
 *
 * @module
 */

import { decodeSmallInteger } from "../der/integer.ts";
import { idMgf1 } from "../der/oids.ts";
import { type Element, expectElement, expectEnd, readElement } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { CertParserError } from "../errors.ts";
import { algorithmIdentifierAt } from "./algorithm-identifier.ts";
import { type DigestName, digestName } from "./digest-algorithm.ts";
import type { RelativeFinding } from "./relative-finding.ts";

/** What a PSS signature is made with. */
export interface PssParameters {
  /** The digest of what is signed; undefined for one that is not known here. */
  readonly hash: DigestName | undefined;
  /** The digest inside MGF1; undefined for another one, or another mask generation function. */
  readonly maskGenHash: DigestName | undefined;
  /** In octets. */
  readonly saltLength: number;
  /** 1 for the octet BC; nothing else is in use. */
  readonly trailerField: number;
}

/**
 * Reads the RSASSA-PSS-params that are all of `der`, with their defaults filled in; notes in `deviations` what is not as
 * it should be, with offsets in `der`.
 */
export function parsePssParameters(der: Uint8Array, deviations: RelativeFinding[]): PssParameters {
  const sequence = expectElement(der, 0, der.length, Tag.SEQUENCE, path);
  expectEnd(sequence.end, der.length, path);
  let { hash, maskGenHash, saltLength, trailerField }: PssParameters = defaults;
  let last = -1;
  for (let at = sequence.contentStart; at < sequence.end; ) {
    const field = readElement(der, at, sequence.end);
    const number = field.tag - Tag.CONTEXT_0;
    if (number <= last || number > 3) throw misplaced(field);
    const value = readElement(der, field.contentStart, field.end);
    expectEnd(value.end, field.end, path);
    if (number === 0) hash = readDigest(der, value);
    else if (number === 1) maskGenHash = readMaskGenHash(der, value, deviations);
    else if (number === 2) saltLength = readNumber(der, value, "saltLength");
    else trailerField = readNumber(der, value, "trailerField");
    if (isDefault(number, { hash, maskGenHash, saltLength, trailerField })) noteDefault(field, deviations);
    last = number;
    at = field.end;
  }
  const parameters = { hash, maskGenHash, saltLength, trailerField };
  noteOutOfRange(parameters, deviations);
  return parameters;
}

function readDigest(der: Uint8Array, value: Element): DigestName | undefined {
  return digestName(algorithmIdentifierAt(der, expectSequence(der, value), path).algorithm);
}

/** `MaskGenAlgorithm` is an AlgorithmIdentifier whose parameters are the AlgorithmIdentifier of the digest. */
function readMaskGenHash(
  der: Uint8Array,
  value: Element,
  deviations: RelativeFinding[],
): DigestName | undefined {
  const { algorithm, parametersElement } = algorithmIdentifierAt(der, expectSequence(der, value), path);
  if (algorithm !== idMgf1) {
    deviations.push({
      code: "ALGORITHM_PARAMETERS",
      message: `the mask generation function of RSASSA-PSS is ${algorithm}, expected MGF1`,
      offset: value.start,
      clause,
    });
    return undefined;
  }
  if (parametersElement === undefined) {
    throw new CertParserError("DER_SYNTAX", "MGF1 has no digest", { offset: value.start, path });
  }
  return readDigest(der, parametersElement);
}

function readNumber(der: Uint8Array, value: Element, name: string): number {
  return decodeSmallInteger(der, expectElement(der, value.start, value.end, Tag.INTEGER, name), name);
}

function expectSequence(der: Uint8Array, { start, end }: Element): Element {
  return expectElement(der, start, end, Tag.SEQUENCE, path);
}

function decodesTo(number: number): keyof PssParameters {
  return fields[number] as keyof PssParameters;
}

function isDefault(number: number, read: PssParameters): boolean {
  return read[decodesTo(number)] === defaults[decodesTo(number)];
}

/** RFC 4055, 3.1 has verifiers accept a default that is written out: Japanese, Canadian and Macanese CRLs do so. */
function noteDefault({ start, tag }: Element, deviations: RelativeFinding[]): void {
  const number = tag - Tag.CONTEXT_0;
  deviations.push({
    code: "DEFAULT_ENCODED",
    message: `RSASSA-PSS-params spells out the default of ${decodesTo(number)}`,
    offset: start,
    clause: "X.690, 11.5",
  });
}

function noteOutOfRange({ saltLength, trailerField }: PssParameters, deviations: RelativeFinding[]): void {
  const note = (message: string) =>
    deviations.push({ code: "ALGORITHM_PARAMETERS", message, offset: 0, clause });
  if (saltLength < 0) note(`saltLength of RSASSA-PSS is ${saltLength}, expected none below 0`);
  if (trailerField !== 1) note(`trailerField of RSASSA-PSS is ${trailerField}, expected 1`);
}

function misplaced(field: Element): CertParserError {
  return new CertParserError(
    "DER_SYNTAX",
    "RSASSA-PSS-params has a field that is not there, or not in its order",
    {
      offset: field.start,
      path,
    },
  );
}

const path = "RSASSA-PSS-params";
const clause = "RFC 4055, 3.1";
const fields = ["hash", "maskGenHash", "saltLength", "trailerField"] as const;
const defaults: PssParameters = { hash: "SHA-1", maskGenHash: "SHA-1", saltLength: 20, trailerField: 1 };
