/**
 * The two numbers of an ECDSA or DSA signature, RFC 3279 section 2.2.
 *
 * ```asn1
 * Ecdsa-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }
 * ```
 *
 * @module
 */

import { isMinimalInteger } from "../der/integer.ts";
import { contentBytes, type Element, expectElement, expectEnd } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { os2ip } from "./data-conversion.ts";
import type { SignatureValue } from "./signature-engine.ts";
import { invalid, type Refusal } from "./verdict.ts";

/**
 * Reads a signature that is all of `der`. Throws `CertParserError` where it is not the SEQUENCE: with any slack in the
 * form, one signature could be written in many ways.
 */
export function readSignatureValue(der: Uint8Array, order: bigint): SignatureValue | Refusal {
  const sequence = expectElement(der, 0, der.length, Tag.SEQUENCE, path);
  expectEnd(sequence.end, der.length, path);
  const r = expectElement(der, sequence.contentStart, sequence.end, Tag.INTEGER, path);
  const s = expectElement(der, r.end, sequence.end, Tag.INTEGER, path);
  expectEnd(s.end, sequence.end, path);
  const value = { der, r: positiveInteger(der, r, order), s: positiveInteger(der, s, order) };
  return isBetween(value.r, order) && isBetween(value.s, order)
    ? value
    : invalid("r or s is not in its shortest form, or not between 0 and the order");
}

/** 0, which no signature has, for what is negative or longer than it need be, or than the order is. */
function positiveInteger(der: Uint8Array, element: Element, order: bigint): bigint {
  const octets = contentBytes(der, element);
  if (!isMinimalInteger(der, element) || octets.length > maxOctets(order)) return 0n;
  return (octets[0] ?? 0x80) < 0x80 ? os2ip(octets) : 0n;
}

/** One more for the sign. */
function maxOctets(order: bigint): number {
  return Math.ceil(order.toString(16).length / 2) + 1;
}

function isBetween(value: bigint, order: bigint): boolean {
  return value > 0n && value < order;
}

const path = "Ecdsa-Sig-Value";
