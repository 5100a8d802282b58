/**
 * Extensions of certificates and CRLs, RFC 5280 sections 4.2 and 5.2.
 *
 * ```asn1
 * Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
 * ```
 *
 * @module
 */

import { decodeOid } from "../der/oid.ts";
import { contentBytes, type Element, expectElement, expectEnd, readElement } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";

/** One extension; its value is left as it came. */
export interface Extension {
  /** Dotted OID. */
  readonly type: string;
  readonly critical: boolean;
  /** The content of extnValue: the DER of the extension itself. */
  readonly value: Uint8Array;
  /** Byte offset of `value` in the input. */
  readonly offset: number;
}

/** Reads the Extensions that the SEQUENCE `element` frames. */
export function extensionsAt(der: Uint8Array, element: Element, path: string): readonly Extension[] {
  const extensions: Extension[] = [];
  for (let at = element.contentStart; at < element.end; ) {
    const extension = expectElement(der, at, element.end, Tag.SEQUENCE, path);
    extensions.push(extensionAt(der, extension, path));
    at = extension.end;
  }
  return extensions;
}

function extensionAt(der: Uint8Array, element: Element, path: string): Extension {
  const type = expectElement(der, element.contentStart, element.end, Tag.OBJECT_IDENTIFIER, path);
  let value = readElement(der, type.end, element.end);
  let critical = false;
  if (value.tag === Tag.BOOLEAN) {
    critical = der[value.contentStart] !== 0 && value.end > value.contentStart;
    value = readElement(der, value.end, element.end);
  }
  const octets =
    value.tag === Tag.OCTET_STRING
      ? value
      : expectElement(der, value.start, element.end, Tag.OCTET_STRING, path);
  expectEnd(octets.end, element.end, path);
  return {
    type: decodeOid(der, type),
    critical,
    value: contentBytes(der, octets),
    offset: octets.contentStart,
  };
}
