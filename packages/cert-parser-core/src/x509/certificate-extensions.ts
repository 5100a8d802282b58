/**
 * The extensions that say what a certificate is for, RFC 5280 sections 4.2.1.3, 4.2.1.9 and 4.2.1.12.
 *
 * @module
 */

import { decodeBitString } from "../der/bit-string.ts";
import { decodeSmallInteger } from "../der/integer.ts";
import { decodeOid } from "../der/oid.ts";
import { type Element, expectElement, expectEnd, readElement } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";

/** `BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL }` */
export interface BasicConstraints {
  readonly cA: boolean;
  readonly pathLenConstraint: number | undefined;
}

/** The bits of a KeyUsage by their names in RFC 5280. */
export type KeyUsage =
  | "digitalSignature"
  | "nonRepudiation"
  | "keyEncipherment"
  | "dataEncipherment"
  | "keyAgreement"
  | "keyCertSign"
  | "cRLSign"
  | "encipherOnly"
  | "decipherOnly";

/** Reads the BasicConstraints in the extnValue. */
export function decodeBasicConstraints(input: Uint8Array, { contentStart, end }: Element): BasicConstraints {
  const path = "basicConstraints";
  const sequence = expectElement(input, contentStart, end, Tag.SEQUENCE, path);
  expectEnd(sequence.end, end, path);
  let at = sequence.contentStart;
  let cA = false;
  if (at < sequence.end && input[at] === Tag.BOOLEAN) {
    const boolean = readElement(input, at, sequence.end);
    cA = boolean.end > boolean.contentStart && input[boolean.contentStart] !== 0;
    at = boolean.end;
  }
  if (at === sequence.end) return { cA, pathLenConstraint: undefined };
  const pathLen = expectElement(input, at, sequence.end, Tag.INTEGER, path);
  expectEnd(pathLen.end, sequence.end, path);
  return { cA, pathLenConstraint: decodeSmallInteger(input, pathLen, path) };
}

/** Reads the bits of the KeyUsage in the extnValue, in their order. */
export function decodeKeyUsage(input: Uint8Array, { contentStart, end }: Element): readonly KeyUsage[] {
  const element = expectElement(input, contentStart, end, Tag.BIT_STRING, "keyUsage");
  expectEnd(element.end, end, "keyUsage");
  const { bytes } = decodeBitString(input, element, "keyUsage");
  return keyUsages.filter((_, bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

/** Reads the purposes of the ExtKeyUsageSyntax in the extnValue, as dotted OIDs. */
export function decodeExtKeyUsage(input: Uint8Array, { contentStart, end }: Element): readonly string[] {
  const sequence = expectElement(input, contentStart, end, Tag.SEQUENCE, "extKeyUsage");
  expectEnd(sequence.end, end, "extKeyUsage");
  const purposes: string[] = [];
  for (let at = sequence.contentStart; at < sequence.end; ) {
    const purpose = expectElement(input, at, sequence.end, Tag.OBJECT_IDENTIFIER, "extKeyUsage");
    purposes.push(decodeOid(input, purpose));
    at = purpose.end;
  }
  return purposes;
}

const keyUsages: readonly KeyUsage[] = [
  "digitalSignature",
  "nonRepudiation",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
];
