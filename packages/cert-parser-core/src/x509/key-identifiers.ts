/**
 * Subject and authority key identifier, RFC 5280 sections 4.2.1.1 and 4.2.1.2. Opaque: never recompute them.
 *
 * @module
 */

import { contentBytes, type Element, expectElement, expectEnd, readElement } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { CertParserError } from "../errors.ts";

/**
 * `SubjectKeyIdentifier ::= OCTET STRING`; where that is missing, the octets of the extension themselves, as in three
 * Lithuanian CSCAs of the Italian list, 2025. Throws only where there are none.
 */
export function decodeSubjectKeyIdentifier(input: Uint8Array, { contentStart, end }: Element): Uint8Array {
  if (contentStart === end) {
    throw new CertParserError("DER_SYNTAX", "subjectKeyIdentifier is empty", { offset: contentStart });
  }
  try {
    const octets = expectElement(input, contentStart, end, Tag.OCTET_STRING, "subjectKeyIdentifier");
    expectEnd(octets.end, end, "subjectKeyIdentifier");
    return contentBytes(input, octets);
  } catch (error) {
    if (error instanceof CertParserError) return input.subarray(contentStart, end);
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
export function decodeAuthorityKeyIdentifier(
  input: Uint8Array,
  { contentStart, end }: Element,
): Uint8Array | undefined {
  const path = "authorityKeyIdentifier";
  const sequence = expectElement(input, contentStart, end, Tag.SEQUENCE, path);
  expectEnd(sequence.end, end, path);
  if (sequence.contentStart === sequence.end) return undefined;
  const first = readElement(input, sequence.contentStart, sequence.end);
  return first.tag === Tag.CONTEXT_0_PRIMITIVE ? contentBytes(input, first) : undefined;
}
