/**
 * Subject and authority key identifier, RFC 5280 sections 4.2.1.1 and 4.2.1.2. Opaque: never recompute them.
 *
 * @module
 */

import { contentBytes, expectElement, expectEnd, readElement } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { CertParserError } from "../errors.ts";

/** A subject key identifier, and whether its OCTET STRING is missing. */
export interface SubjectKeyIdentifier {
  readonly keyIdentifier: Uint8Array;
  /** True where the extension holds the octets themselves: three Lithuanian CSCAs of the Italian list, 2025. */
  readonly raw: boolean;
}

/** `SubjectKeyIdentifier ::= OCTET STRING`; throws only where the value is empty. */
export function decodeSubjectKeyIdentifier(value: Uint8Array): SubjectKeyIdentifier {
  if (value.length === 0) throw new CertParserError("DER_SYNTAX", "subjectKeyIdentifier is empty");
  try {
    const octets = expectElement(value, 0, value.length, Tag.OCTET_STRING, "subjectKeyIdentifier");
    expectEnd(octets.end, value.length, "subjectKeyIdentifier");
    return { keyIdentifier: contentBytes(value, octets), raw: false };
  } catch (error) {
    if (error instanceof CertParserError) return { keyIdentifier: value, raw: true };
    throw error;
  }
}

/**
 * The keyIdentifier of an AuthorityKeyIdentifier; undefined where it names the issuer in another way.
 *
 * ```asn1
 * AuthorityKeyIdentifier ::= SEQUENCE {
 *   keyIdentifier             [0] IMPLICIT OCTET STRING OPTIONAL,
 *   authorityCertIssuer       [1] IMPLICIT GeneralNames OPTIONAL,
 *   authorityCertSerialNumber [2] IMPLICIT INTEGER OPTIONAL }
 * ```
 */
export function decodeAuthorityKeyIdentifier(value: Uint8Array): Uint8Array | undefined {
  const path = "authorityKeyIdentifier";
  const sequence = expectElement(value, 0, value.length, Tag.SEQUENCE, path);
  expectEnd(sequence.end, value.length, path);
  if (sequence.contentStart === sequence.end) return undefined;
  const first = readElement(value, sequence.contentStart, sequence.end);
  return first.tag === Tag.CONTEXT_0_PRIMITIVE ? contentBytes(value, first) : undefined;
}
