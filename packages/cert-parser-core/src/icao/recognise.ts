/**
 * Tells by its first elements what a value in DER or BER is: never by a name.
 *
 * @module
 */

import { decodeLatin1 } from "../bytes/text.ts";
import { readElement } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { isTime } from "../der/time.ts";
import { CertParserError } from "../errors.ts";

/** What a value in DER or BER can be. */
export type ValueKind = "certificate" | "crl" | "cms" | "bare-master-list";

/** Names what the value at the start of `bytes` looks like; undefined where it looks like nothing that is read here. */
export function recogniseValue(bytes: Uint8Array): ValueKind | undefined {
  if (bytes[0] !== Tag.SEQUENCE) return undefined;
  // The length may be indefinite in CMS, which the reader of DER does not take.
  const first = bytes[1] ?? 0;
  const contentStart = 2 + (first > 0x80 ? first & 0x7f : 0);
  switch (bytes[contentStart]) {
    case Tag.OBJECT_IDENTIFIER:
      return "cms";
    case Tag.INTEGER:
      // A version of one octet, then the SET OF Certificate; a private key begins with a version too.
      return bytes[contentStart + 3] === Tag.SET ? "bare-master-list" : undefined;
    case Tag.SEQUENCE:
      return recogniseTbs(bytes);
    default:
      return undefined;
  }
}

/**
 * Tells certificates and CRLs apart: both begin with a SEQUENCE in a SEQUENCE, and after issuer comes the validity of the
 * one and the thisUpdate of the other. One that is damaged before is taken for a certificate.
 */
function recogniseTbs(bytes: Uint8Array): ValueKind {
  try {
    const outer = readElement(bytes, 0);
    const tbs = readElement(bytes, outer.contentStart, outer.end);
    let element = readElement(bytes, tbs.contentStart, tbs.end);
    while (element.tag === Tag.CONTEXT_0 || element.tag === Tag.INTEGER) {
      element = readElement(bytes, element.end, tbs.end);
    }
    const issuer = readElement(bytes, element.end, tbs.end);
    return isTime(readElement(bytes, issuer.end, tbs.end)) ? "crl" : "certificate";
  } catch (error) {
    if (error instanceof CertParserError) return "certificate";
    throw error;
  }
}

/** Tells whether a file begins as LDIF does: with its version or the name of an entry, after any comments. */
export function looksLikeLdif(head: Uint8Array): boolean {
  const lines = decodeLatin1(head.subarray(0, headBytes))
    .replace(/^\xef\xbb\xbf/, "")
    .split("\n");
  const first = lines.find((line) => !/^(?:[# ]|\r?$)/.test(line));
  return first !== undefined && /^(?:version|dn):/i.test(first);
}

// As far as a comment at the head of a file is looked through.
const headBytes = 16_384;
