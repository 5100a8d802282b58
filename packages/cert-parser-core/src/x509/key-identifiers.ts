/**
 * Subject and authority key identifier, RFC 5280 sections 4.2.1.1 and 4.2.1.2. Opaque: never recompute them.
 *
 * @module
 */

import { idCeAuthorityKeyIdentifier } from "../der/oids.ts";
import { contentBytes, type Element, expectElement, expectEnd, readElement } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";
import { readExtension } from "./extension.ts";
import { type GeneralName, generalNamesAt } from "./general-name.ts";

/** Reads the SubjectKeyIdentifier in the extnValue. Throws only where nothing is in it. */
export function decodeSubjectKeyIdentifier(input: Uint8Array, extnValue: Element): Uint8Array {
  return contentBytes(input, subjectKeyIdentifierAt(input, extnValue));
}

/** Throws where the extnValue is empty, and notes where it holds the octets alone. */
export function checkSubjectKeyIdentifier(input: Uint8Array, extnValue: Element, findings: Finding[]): void {
  if (subjectKeyIdentifierAt(input, extnValue) !== extnValue) return;
  findings.push({
    code: "KEY_IDENTIFIER_RAW",
    message: "subjectKeyIdentifier holds its octets without an OCTET STRING around them",
    offset: extnValue.contentStart,
    clause: "RFC 5280, 4.2.1.2",
  });
}

/**
 * Frames the octets of a `SubjectKeyIdentifier ::= OCTET STRING`; where that is missing, the octets of the extension
 * themselves, as in three Lithuanian CSCAs of the Italian list, 2025.
 */
export function subjectKeyIdentifierAt(input: Uint8Array, extnValue: Element): Element {
  const { contentStart, end } = extnValue;
  if (contentStart === end) {
    throw new CertParserError("DER_SYNTAX", "subjectKeyIdentifier is empty", { offset: contentStart });
  }
  try {
    const octets = expectElement(input, contentStart, end, Tag.OCTET_STRING, "subjectKeyIdentifier");
    return octets.end === end ? octets : extnValue;
  } catch (error) {
    if (error instanceof CertParserError) return extnValue;
    throw error;
  }
}

/** How a certificate or a CRL tells which key signed it. */
export interface AuthorityKey {
  readonly keyIdentifier: Uint8Array | undefined;
  readonly authorityCertIssuer: readonly GeneralName[] | undefined;
  /** Content octets of the INTEGER. */
  readonly authorityCertSerialNumber: Uint8Array | undefined;
}

/** The keyIdentifier of an AuthorityKeyIdentifier; undefined where it names the issuer in another way. */
export function decodeAuthorityKeyIdentifier(input: Uint8Array, extnValue: Element): Uint8Array | undefined {
  const octets = authorityKeyIdentifierAt(input, extnValue);
  return octets && contentBytes(input, octets);
}

/** Frames the octets of that keyIdentifier. */
export function authorityKeyIdentifierAt(
  input: Uint8Array,
  { contentStart, end }: Element,
): Element | undefined {
  const sequence = expectElement(input, contentStart, end, Tag.SEQUENCE, authorityPath);
  expectEnd(sequence.end, end, authorityPath);
  if (sequence.contentStart === sequence.end) return undefined;
  const first = readElement(input, sequence.contentStart, sequence.end);
  return first.tag === Tag.CONTEXT_0_PRIMITIVE ? first : undefined;
}

/**
 * Reads all three forms of an AuthorityKeyIdentifier.
 *
 * ```asn1
 * AuthorityKeyIdentifier ::= SEQUENCE {
 *   keyIdentifier             [0] IMPLICIT OCTET STRING OPTIONAL,
 *   authorityCertIssuer       [1] IMPLICIT GeneralNames OPTIONAL,
 *   authorityCertSerialNumber [2] IMPLICIT INTEGER OPTIONAL }
 * ```
 */
export function decodeAuthorityKey(input: Uint8Array, { contentStart, end }: Element): AuthorityKey {
  const sequence = expectElement(input, contentStart, end, Tag.SEQUENCE, authorityPath);
  expectEnd(sequence.end, end, authorityPath);
  let at = sequence.contentStart;
  const next = (tag: number): Element | undefined => {
    if (at >= sequence.end || input[at] !== tag) return undefined;
    const element = readElement(input, at, sequence.end);
    at = element.end;
    return element;
  };
  const keyIdentifier = next(Tag.CONTEXT_0_PRIMITIVE);
  const issuer = next(Tag.CONTEXT_1);
  const serialNumber = next(Tag.CONTEXT_2_PRIMITIVE);
  expectEnd(at, sequence.end, authorityPath);
  return {
    keyIdentifier: keyIdentifier && contentBytes(input, keyIdentifier),
    authorityCertIssuer: issuer && generalNamesAt(input, issuer, authorityPath),
    authorityCertSerialNumber: serialNumber && contentBytes(input, serialNumber),
  };
}

/**
 * Throws unless the extnValue begins like an AuthorityKeyIdentifier, and notes where it goes on like none: its key
 * identifier is good all the same. Nearly all hold a key identifier and no more.
 */
export function checkAuthorityKey(input: Uint8Array, extnValue: Element, findings: Finding[]): void {
  const octets = authorityKeyIdentifierAt(input, extnValue);
  if (octets?.end === extnValue.end) return;
  readExtension(input, idCeAuthorityKeyIdentifier, extnValue, decodeAuthorityKey, findings);
}

const authorityPath = "authorityKeyIdentifier";
