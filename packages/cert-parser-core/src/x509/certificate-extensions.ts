/**
 * The extensions that say what a certificate is for, RFC 5280 sections 4.2.1.3, 4.2.1.9 and 4.2.1.12.
 *
 * @module
 */

import { expectBitString } from "../der/bit-string.ts";
import { decodeSmallInteger } from "../der/integer.ts";
import { decodeOid } from "../der/oid.ts";
import { type Element, expectElement, expectEnd, readElement } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import type { Finding } from "../findings.ts";
import { readBoolean } from "./extension.ts";
import { sequenceOfOneOrMore } from "./extension-sequence.ts";
import { noteIntegerForm } from "./integer-form.ts";

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
export function decodeBasicConstraints(
  input: Uint8Array,
  { contentStart, end }: Element,
  findings: Finding[],
): BasicConstraints {
  const path = "basicConstraints";
  const sequence = expectElement(input, contentStart, end, Tag.SEQUENCE, path);
  expectEnd(sequence.end, end, path);
  let at = sequence.contentStart;
  let cA = false;
  if (at < sequence.end && input[at] === Tag.BOOLEAN) {
    const boolean = readElement(input, at, sequence.end);
    cA = readBoolean(input, boolean, "basicConstraints.cA", findings);
    at = boolean.end;
  }
  if (at === sequence.end) return { cA, pathLenConstraint: undefined };
  const pathLen = expectElement(input, at, sequence.end, Tag.INTEGER, path);
  expectEnd(pathLen.end, sequence.end, path);
  noteIntegerForm(input, pathLen, "basicConstraints.pathLenConstraint", findings);
  return { cA, pathLenConstraint: decodeSmallInteger(input, pathLen, path) };
}

/** Reads the bits of the KeyUsage in the extnValue, in their order. */
export function decodeKeyUsage(input: Uint8Array, extnValue: Element): readonly KeyUsage[] {
  return keyUsageNames(keyUsageBits(input, extnValue));
}

/** Names the bits of a KeyUsage, in their order: digitalSignature is 0x8000. */
export function keyUsageNames(bits: number): readonly KeyUsage[] {
  return keyUsages.filter((_, bit) => (bits & (0x8000 >> bit)) !== 0);
}

/** The first 16 bits of the KeyUsage in the extnValue: digitalSignature is 0x8000. */
export function keyUsageBits(input: Uint8Array, { contentStart, end }: Element): number {
  const element = expectElement(input, contentStart, end, Tag.BIT_STRING, "keyUsage");
  expectEnd(element.end, end, "keyUsage");
  expectBitString(input, element, "keyUsage");
  // One octet of the BIT STRING counts its unused bits.
  const first = element.contentStart + 1;
  const high = first < end ? (input[first] as number) : 0;
  const low = first + 1 < end ? (input[first + 1] as number) : 0;
  return (high << 8) | low;
}

/** Reads the purposes of the ExtKeyUsageSyntax in the extnValue, as dotted OIDs. */
export function decodeExtKeyUsage(
  input: Uint8Array,
  extnValue: Element,
  findings: Finding[],
): readonly string[] {
  const sequence = sequenceOfOneOrMore(input, extnValue, "extKeyUsage", "RFC 5280, 4.2.1.12", findings);
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
