/**
 * The extensions that say what a certificate is for, RFC 5280 sections 4.2.1.3, 4.2.1.9 and 4.2.1.12.
 *
 * @module
 */

import { decodeBitString } from "../der/bit-string.ts";
import { decodeSmallInteger } from "../der/integer.ts";
import { decodeOid } from "../der/oid.ts";
import { expectElement, expectEnd, readElement } from "../der/reader.ts";
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

/** Reads BasicConstraints. */
export function decodeBasicConstraints(value: Uint8Array): BasicConstraints {
  const path = "basicConstraints";
  const sequence = expectElement(value, 0, value.length, Tag.SEQUENCE, path);
  expectEnd(sequence.end, value.length, path);
  let at = sequence.contentStart;
  let cA = false;
  if (at < sequence.end && value[at] === Tag.BOOLEAN) {
    const boolean = readElement(value, at, sequence.end);
    cA = boolean.end > boolean.contentStart && value[boolean.contentStart] !== 0;
    at = boolean.end;
  }
  if (at === sequence.end) return { cA, pathLenConstraint: undefined };
  const pathLen = expectElement(value, at, sequence.end, Tag.INTEGER, path);
  expectEnd(pathLen.end, sequence.end, path);
  return { cA, pathLenConstraint: decodeSmallInteger(value, pathLen, path) };
}

/** Reads the bits of a KeyUsage, in their order. */
export function decodeKeyUsage(value: Uint8Array): readonly KeyUsage[] {
  const element = expectElement(value, 0, value.length, Tag.BIT_STRING, "keyUsage");
  expectEnd(element.end, value.length, "keyUsage");
  const { bytes } = decodeBitString(value, element, "keyUsage");
  return keyUsages.filter((_, bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

/** Reads the purposes of an ExtKeyUsageSyntax as dotted OIDs. */
export function decodeExtKeyUsage(value: Uint8Array): readonly string[] {
  const sequence = expectElement(value, 0, value.length, Tag.SEQUENCE, "extKeyUsage");
  expectEnd(sequence.end, value.length, "extKeyUsage");
  const purposes: string[] = [];
  for (let at = sequence.contentStart; at < sequence.end; ) {
    const purpose = expectElement(value, at, sequence.end, Tag.OBJECT_IDENTIFIER, "extKeyUsage");
    purposes.push(decodeOid(value, purpose));
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
