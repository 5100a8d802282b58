/**
 * GeneralName, RFC 5280 section 4.2.1.6: how extensions name people, machines, places and issuers.
 *
 * ```asn1
 * GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName
 * GeneralName ::= CHOICE {
 *   otherName                 [0] OtherName,
 *   rfc822Name                [1] IA5String,
 *   dNSName                   [2] IA5String,
 *   x400Address               [3] ORAddress,
 *   directoryName             [4] EXPLICIT Name,
 *   ediPartyName              [5] EDIPartyName,
 *   uniformResourceIdentifier [6] IA5String,
 *   iPAddress                 [7] OCTET STRING,
 *   registeredID              [8] OBJECT IDENTIFIER }
 * ```
 *
 * @module
 */

import { formatIpAddress } from "../bytes/ip-address.ts";
import { decodeLatin1 } from "../bytes/text.ts";
import { decodeOid } from "../der/oid.ts";
import {
  contentBytes,
  type Element,
  expectElement,
  expectEnd,
  rawBytes,
  readElement,
  reusedElement,
} from "../der/reader.ts";
import { nameTag, Tag } from "../der/tag.ts";
import { CertParserError } from "../errors.ts";
import { checkName, type Name, nameAt } from "./name.ts";

/** A name of one of nine kinds, told apart by `type`. */
export type GeneralName = TextGeneralName | DirectoryName | OpaqueGeneralName;

/** A GeneralName that is a text. */
export interface TextGeneralName {
  readonly type: "rfc822Name" | "dNSName" | "uniformResourceIdentifier" | "iPAddress" | "registeredID";
  /** The address, the host, the URI, the IP address as it is usually written, or the dotted OID. */
  readonly value: string;
  /** The whole GeneralName. */
  readonly der: Uint8Array;
}

/** A GeneralName that is a distinguished name. */
export interface DirectoryName {
  readonly type: "directoryName";
  readonly value: Name;
  /** The whole GeneralName. */
  readonly der: Uint8Array;
}

/** A GeneralName of a kind that is left as it came. */
export interface OpaqueGeneralName {
  readonly type: "otherName" | "x400Address" | "ediPartyName";
  readonly value: undefined;
  /** The whole GeneralName. */
  readonly der: Uint8Array;
}

/** Reads the GeneralNames that `element` frames, whatever its own tag is. */
export function generalNamesAt(input: Uint8Array, element: Element, path: string): readonly GeneralName[] {
  const names: GeneralName[] = [];
  walkGeneralNames(input, element, path, names);
  return names;
}

/** Throws unless `element` frames GeneralNames. */
export function checkGeneralNames(input: Uint8Array, element: Element, path: string): void {
  walkGeneralNames(input, element, path, undefined);
}

/** One walk for both, so that what was checked cannot fail when it is read. */
function walkGeneralNames(
  input: Uint8Array,
  { contentStart, end }: Element,
  path: string,
  into: GeneralName[] | undefined,
): void {
  const element = reusedElement();
  for (let at = contentStart; at < end; at = element.end) {
    readElement(input, at, end, element);
    if (into === undefined) checkGeneralName(input, element, path);
    else into.push(generalNameAt(input, element, path));
  }
}

function checkGeneralName(input: Uint8Array, element: Element, path: string): void {
  switch (element.tag) {
    // Any octets are a text of one character each.
    case GeneralNameTag.rfc822Name:
    case GeneralNameTag.dNSName:
    case GeneralNameTag.uniformResourceIdentifier:
      return;
    case GeneralNameTag.directoryName:
      checkName(input, frameDirectoryName(input, element, path), path);
      return;
    default:
      generalNameAt(input, element, path);
  }
}

function generalNameAt(input: Uint8Array, element: Element, path: string): GeneralName {
  const der = rawBytes(input, element);
  switch (element.tag) {
    case GeneralNameTag.otherName:
      return { type: "otherName", value: undefined, der };
    case GeneralNameTag.rfc822Name:
      return { type: "rfc822Name", value: decodeLatin1(contentBytes(input, element)), der };
    case GeneralNameTag.dNSName:
      return { type: "dNSName", value: decodeLatin1(contentBytes(input, element)), der };
    case GeneralNameTag.x400Address:
      return { type: "x400Address", value: undefined, der };
    case GeneralNameTag.directoryName:
      return { type: "directoryName", value: directoryNameAt(input, element, path), der };
    case GeneralNameTag.ediPartyName:
      return { type: "ediPartyName", value: undefined, der };
    case GeneralNameTag.uniformResourceIdentifier:
      return { type: "uniformResourceIdentifier", value: decodeLatin1(contentBytes(input, element)), der };
    case GeneralNameTag.iPAddress:
      return { type: "iPAddress", value: ipAddressAt(input, element, path), der };
    case GeneralNameTag.registeredID:
      return { type: "registeredID", value: decodeOid(input, element), der };
    default:
      throw malformed(`holds ${nameTag(element.tag)}, expected a GeneralName`, element, path);
  }
}

function directoryNameAt(input: Uint8Array, element: Element, path: string): Name {
  return nameAt(input, frameDirectoryName(input, element, path), path);
}

function frameDirectoryName(input: Uint8Array, { contentStart, end }: Element, path: string): Element {
  const name = expectElement(input, contentStart, end, Tag.SEQUENCE, path);
  expectEnd(name.end, end, path);
  return name;
}

function ipAddressAt(input: Uint8Array, element: Element, path: string): string {
  const octets = contentBytes(input, element);
  const text = formatIpAddress(octets);
  if (text !== undefined) return text;
  throw malformed(`holds an iPAddress of ${octets.length} octets, expected 4 or 16`, element, path);
}

function malformed(what: string, { start }: Element, path: string): CertParserError {
  return new CertParserError("DER_SYNTAX", `${path} ${what}`, { offset: start, path });
}

const GeneralNameTag = {
  otherName: 0xa0,
  rfc822Name: 0x81,
  dNSName: 0x82,
  x400Address: 0xa3,
  directoryName: 0xa4,
  ediPartyName: 0xa5,
  uniformResourceIdentifier: 0x86,
  iPAddress: 0x87,
  registeredID: 0x88,
} as const;
