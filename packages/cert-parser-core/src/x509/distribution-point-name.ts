/**
 * DistributionPointName and ReasonFlags, RFC 5280 section 4.2.1.13: of certificates and of CRLs.
 *
 * ```asn1
 * DistributionPointName ::= CHOICE {
 *   fullName                [0] GeneralNames,
 *   nameRelativeToCRLIssuer [1] RelativeDistinguishedName }
 * ```
 *
 * @module
 */

import { decodeBitString } from "../der/bit-string.ts";
import { decodeOid } from "../der/oid.ts";
import {
  contentBytes,
  type Element,
  expectElement,
  expectEnd,
  rawBytes,
  readElement,
  unexpected,
} from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { checkGeneralNames, type GeneralName, generalNamesAt } from "./general-name.ts";
import { decodeString, type NameAttribute, type RelativeDistinguishedName } from "./name.ts";

/** How a distribution point is called: in one of two ways, or not at all. */
export interface DistributionPointName {
  readonly fullName: readonly GeneralName[] | undefined;
  /** What follows the name of the CRL's issuer. */
  readonly nameRelativeToCRLIssuer: RelativeDistinguishedName | undefined;
}

/** The bits of ReasonFlags by their names in RFC 5280. */
export type ReasonFlag =
  | "unused"
  | "keyCompromise"
  | "cACompromise"
  | "affiliationChanged"
  | "superseded"
  | "cessationOfOperation"
  | "certificateHold"
  | "privilegeWithdrawn"
  | "aACompromise";

/** Reads the DistributionPointName in the explicit tag that `element` frames. */
export function distributionPointNameAt(
  input: Uint8Array,
  element: Element,
  path: string,
): DistributionPointName {
  const choice = frameChoice(input, element, path);
  return choice.tag === Tag.CONTEXT_0
    ? { fullName: generalNamesAt(input, choice, path), nameRelativeToCRLIssuer: undefined }
    : { fullName: undefined, nameRelativeToCRLIssuer: relativeNameAt(input, choice, path) };
}

/** Throws unless the explicit tag that `element` frames holds a DistributionPointName. */
export function checkDistributionPointName(input: Uint8Array, element: Element, path: string): void {
  const choice = frameChoice(input, element, path);
  if (choice.tag === Tag.CONTEXT_0) checkGeneralNames(input, choice, path);
  else relativeNameAt(input, choice, path);
}

/** Reads the ReasonFlags in `element`, in their order. */
export function reasonFlagsAt(input: Uint8Array, element: Element, path: string): readonly ReasonFlag[] {
  const { bytes } = decodeBitString(input, element, path);
  return reasonFlags.filter((_, bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

function frameChoice(input: Uint8Array, { contentStart, end }: Element, path: string): Element {
  const choice = readElement(input, contentStart, end);
  if (choice.tag !== Tag.CONTEXT_0 && choice.tag !== Tag.CONTEXT_1) {
    throw unexpected(choice, Tag.CONTEXT_0, path);
  }
  expectEnd(choice.end, end, path);
  return choice;
}

/** The attributes of a RelativeDistinguishedName, whose own tag is implied. */
function relativeNameAt(
  input: Uint8Array,
  { contentStart, end }: Element,
  path: string,
): RelativeDistinguishedName {
  const attributes: NameAttribute[] = [];
  for (let at = contentStart; at < end; ) {
    const pair = expectElement(input, at, end, Tag.SEQUENCE, path);
    const type = expectElement(input, pair.contentStart, pair.end, Tag.OBJECT_IDENTIFIER, path);
    const value = readElement(input, type.end, pair.end);
    expectEnd(value.end, pair.end, path);
    attributes.push({
      type: decodeOid(input, type),
      tag: value.tag,
      value: decodeString(value.tag, contentBytes(input, value)) ?? null,
      der: rawBytes(input, value),
    });
    at = pair.end;
  }
  return attributes;
}

const reasonFlags: readonly ReasonFlag[] = [
  "unused",
  "keyCompromise",
  "cACompromise",
  "affiliationChanged",
  "superseded",
  "cessationOfOperation",
  "certificateHold",
  "privilegeWithdrawn",
  "aACompromise",
];
