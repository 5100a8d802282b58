/**
 * AlgorithmIdentifier, RFC 5280 section 4.1.1.2.
 *
 * ```asn1
 * AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }
 * ```
 *
 * @module
 */

import { decodeOid } from "../der/oid.ts";
import { type Element, expectElement, expectEnd, rawBytes, readElement } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";

/** An algorithm with its parameters as they came in. */
export interface AlgorithmIdentifier {
  readonly der: Uint8Array;
  /** Dotted OID. */
  readonly algorithm: string;
  /** The parameters with tag and length; undefined where they are left out. */
  readonly parameters: Uint8Array | undefined;
}

/** Reads the AlgorithmIdentifier that `element` frames. */
export function algorithmIdentifierAt(der: Uint8Array, element: Element, path: string): AlgorithmIdentifier {
  const oid = expectElement(der, element.contentStart, element.end, Tag.OBJECT_IDENTIFIER, path);
  let parameters: Uint8Array | undefined;
  if (oid.end < element.end) {
    const value = readElement(der, oid.end, element.end);
    expectEnd(value.end, element.end, path);
    parameters = rawBytes(der, value);
  }
  return { der: rawBytes(der, element), algorithm: decodeOid(der, oid), parameters };
}
