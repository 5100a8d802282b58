/**
 * One deviation: which documents, and what is wrong with them. Doc 9303-12 section 10.2, a module of IMPLICIT TAGS.
 *
 * ```asn1
 * Deviation ::= SEQUENCE {
 *   documents    DeviationDocuments,
 *   descriptions SET OF DeviationDescription }
 * DeviationDocuments ::= SEQUENCE {
 *   documentType    [0] PrintableString (SIZE(2)) OPTIONAL,
 *   dscIdentifier       DocumentSignerIdentifier OPTIONAL,
 *   issuingDate     [4] SEQUENCE { firstIssued GeneralizedTime, lastIssued GeneralizedTime } OPTIONAL,
 *   documentNumbers [5] SET OF PrintableString OPTIONAL }
 * DocumentSignerIdentifier ::= CHOICE {
 *   issuerAndSerialNumber [1] IssuerAndSerialNumber,
 *   subjectKeyIdentifier  [2] SubjectKeyIdentifier,
 *   certificateDigest     [3] OCTET STRING }
 * DeviationDescription ::= SEQUENCE {
 *   description       PrintableString OPTIONAL,
 *   deviationType     OBJECT IDENTIFIER,
 *   parameters    [0] ANY DEFINED BY deviationType OPTIONAL,
 *   nationalUse   [1] ANY OPTIONAL }
 * ```
 *
 * @module
 */

import { decodeLatin1 } from "../bytes/text.ts";
import { decodeOid } from "../der/oid.ts";
import { contentBytes, type Element, expectElement, expectEnd, readElement } from "../der/reader.ts";
import { nameTag, Tag } from "../der/tag.ts";
import { decodeExplicitGeneralizedTime } from "../der/time.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";
import { decodeString, type Name, nameAt } from "../x509/name.ts";
import { type DeviationTypeName, deviationTypeNames } from "./deviation-types.ts";

/** One deviation. It was read once, so that no field can fail later; fields are read anew each time they are asked for. */
export interface Deviation {
  /** The exact bytes received. */
  readonly der: Uint8Array;
  /** Byte offset in the input. */
  readonly offset: number;
  /** Position in the list, from 0. */
  readonly index: number;
  readonly documents: DeviationDocuments;
  readonly descriptions: readonly DeviationDescription[];
}

/** Which documents deviate: those that meet all the criteria that are given. */
export interface DeviationDocuments {
  /** As in the MRZ: two letters. */
  readonly documentType: string | undefined;
  readonly dscIdentifier: DocumentSignerIdentifier | undefined;
  readonly issuingDate: IssuancePeriod | undefined;
  readonly documentNumbers: readonly string[] | undefined;
}

/** How the document signer's certificate is named. */
export type DocumentSignerIdentifier =
  | {
      readonly type: "issuerAndSerialNumber";
      readonly issuer: Name;
      /** Content octets of the INTEGER. */
      readonly serialNumber: Uint8Array;
    }
  | { readonly type: "subjectKeyIdentifier"; readonly subjectKeyIdentifier: Uint8Array }
  /** By the digestAlgorithm of the list. */
  | { readonly type: "certificateDigest"; readonly certificateDigest: Uint8Array };

/** When the documents were issued. */
export interface IssuancePeriod {
  readonly firstIssued: Date;
  readonly lastIssued: Date;
}

/** What is wrong with the documents. */
export interface DeviationDescription {
  /** For people. */
  readonly description: string | undefined;
  /** Dotted OID. */
  readonly deviationType: string;
  /** The standard's name of that type; undefined where it is none of the standard's. */
  readonly deviationTypeName: DeviationTypeName | undefined;
  /** What stands in `[0]`: the DER of the field, data group or MRZ field that deviates. */
  readonly parameters: Uint8Array | undefined;
  /** What stands in `[1]`, as it came. */
  readonly nationalUse: Uint8Array | undefined;
}

/** Told of what is not as it should be. */
export type DeviationNote = (code: Finding["code"], message: string, offset: number) => void;

/** Reads the Deviation that `element` frames, at position `index` of its list. */
export function deviationAt(
  input: Uint8Array,
  element: Element,
  index: number,
  note: DeviationNote,
): Deviation {
  const deviation = new DeviationView(input, element, index);
  const { documents, descriptions } = frame(input, element);
  readDocuments(input, documents, note);
  readDescriptions(input, descriptions, note);
  return deviation;
}

/** A class, unlike most here, with offsets in place of objects: a list may have more deviations than bytes to spare. */
class DeviationView implements Deviation {
  readonly index: number;
  readonly #input: Uint8Array;
  readonly #start: number;
  readonly #end: number;

  constructor(input: Uint8Array, { start, end }: Element, index: number) {
    this.index = index;
    this.#input = input;
    this.#start = start;
    this.#end = end;
  }

  get der(): Uint8Array {
    return this.#input.subarray(this.#start, this.#end);
  }

  get offset(): number {
    return this.#start;
  }

  get documents(): DeviationDocuments {
    return readDocuments(this.#input, this.#frame().documents, ignore);
  }

  get descriptions(): readonly DeviationDescription[] {
    return readDescriptions(this.#input, this.#frame().descriptions, ignore);
  }

  #frame(): DeviationFrame {
    return frame(this.#input, readElement(this.#input, this.#start, this.#end));
  }
}

interface DeviationFrame {
  readonly documents: Element;
  readonly descriptions: Element;
}

function frame(input: Uint8Array, { contentStart, end }: Element): DeviationFrame {
  const documents = expectElement(input, contentStart, end, Tag.SEQUENCE, "Deviation.documents");
  const descriptions = expectElement(input, documents.end, end, Tag.SET, "Deviation.descriptions");
  expectEnd(descriptions.end, end, "Deviation");
  return { documents, descriptions };
}

function readDocuments(input: Uint8Array, element: Element, note: DeviationNote): DeviationDocuments {
  const fields = createFields(input, element);
  const documentType = fields.take(isDocumentType);
  const dscIdentifier = fields.take(isDscIdentifier);
  const issuingDate = fields.take(isIssuingDate);
  const documentNumbers = fields.take(isDocumentNumbers);
  noteRest(fields.at, element, "DeviationDocuments", note);
  return {
    documentType: documentType && readDocumentType(input, documentType, note),
    dscIdentifier: dscIdentifier && readDscIdentifier(input, dscIdentifier),
    issuingDate: issuingDate && readIssuancePeriod(input, issuingDate, note),
    documentNumbers: documentNumbers && readDocumentNumbers(input, documentNumbers, note),
  };
}

function readDocumentType(input: Uint8Array, element: Element, note: DeviationNote): string {
  const text = decodeLatin1(contentBytes(input, element));
  if (text.length !== 2) {
    note("DEVIATION_FORM", `documentType is of ${text.length} characters, expected 2`, element.start);
  }
  return text;
}

function readDscIdentifier(input: Uint8Array, element: Element): DocumentSignerIdentifier {
  const { tag, contentStart, end } = element;
  if (tag === Tag.CONTEXT_2_PRIMITIVE) {
    return { type: "subjectKeyIdentifier", subjectKeyIdentifier: contentBytes(input, element) };
  }
  if (tag === contextTag3) {
    return { type: "certificateDigest", certificateDigest: contentBytes(input, element) };
  }
  const path = "DeviationDocuments.dscIdentifier";
  const issuer = expectElement(input, contentStart, end, Tag.SEQUENCE, path);
  const serialNumber = expectElement(input, issuer.end, end, Tag.INTEGER, path);
  expectEnd(serialNumber.end, end, path);
  return {
    type: "issuerAndSerialNumber",
    issuer: nameAt(input, issuer, path),
    serialNumber: contentBytes(input, serialNumber),
  };
}

function readIssuancePeriod(input: Uint8Array, element: Element, note: DeviationNote): IssuancePeriod {
  const path = "DeviationDocuments.issuingDate";
  const first = readElement(input, element.contentStart, element.end);
  const last = readElement(input, first.end, element.end);
  expectEnd(last.end, element.end, path);
  const firstIssued = readIssued(input, first, `${path}.firstIssued`, note);
  const lastIssued = readIssued(input, last, `${path}.lastIssued`, note);
  if (lastIssued < firstIssued) {
    note("VALIDITY_REVERSED", "lastIssued is before firstIssued", element.start);
  }
  return { firstIssued, lastIssued };
}

/** GeneralizedTime whatever the year, unlike the times of certificates. */
function readIssued(input: Uint8Array, element: Element, path: string, note: DeviationNote): Date {
  const { date, deviation } = decodeExplicitGeneralizedTime(input, element, path);
  if (deviation !== undefined) note("TIME_FORM", `${path} is ${deviation}`, element.start);
  return date;
}

function readDocumentNumbers(input: Uint8Array, element: Element, note: DeviationNote): readonly string[] {
  const numbers: string[] = [];
  for (let at = element.contentStart; at < element.end; ) {
    const number = readElement(input, at, element.end);
    numbers.push(readText(input, number, "DeviationDocuments.documentNumbers", note));
    at = number.end;
  }
  return numbers;
}

function readDescriptions(
  input: Uint8Array,
  element: Element,
  note: DeviationNote,
): readonly DeviationDescription[] {
  const descriptions: DeviationDescription[] = [];
  for (let at = element.contentStart; at < element.end; ) {
    const description = expectElement(input, at, element.end, Tag.SEQUENCE, "DeviationDescription");
    descriptions.push(readDescription(input, description, note));
    at = description.end;
  }
  return descriptions;
}

function readDescription(input: Uint8Array, element: Element, note: DeviationNote): DeviationDescription {
  const fields = createFields(input, element);
  const description = fields.take(isNoOid);
  const type = expectElement(
    input,
    fields.at,
    element.end,
    Tag.OBJECT_IDENTIFIER,
    "DeviationDescription.deviationType",
  );
  fields.at = type.end;
  const parameters = fields.take(isParameters);
  const nationalUse = fields.take(isNationalUse);
  noteRest(fields.at, element, "DeviationDescription", note);
  const deviationType = decodeOid(input, type);
  return {
    description: description && readText(input, description, "DeviationDescription.description", note),
    deviationType,
    deviationTypeName: deviationTypeNames.get(deviationType),
    parameters: parameters && contentBytes(input, parameters),
    nationalUse: nationalUse && contentBytes(input, nationalUse),
  };
}

/** A string of whatever type. One that is not in the character set of its type is read as ISO 8859-1: it is for people. */
function readText(input: Uint8Array, element: Element, path: string, note: DeviationNote): string {
  const content = contentBytes(input, element);
  const text = decodeString(element.tag, content);
  if (text === undefined && !stringTags.has(element.tag)) {
    throw new CertParserError("DER_SYNTAX", `${path} is ${nameTag(element.tag)}, expected PRINTABLE STRING`, {
      offset: element.start,
      path,
    });
  }
  if (text === undefined) {
    note("DEVIATION_FORM", `${path} is not in the character set of ${nameTag(element.tag)}`, element.start);
    return decodeLatin1(content);
  }
  if (element.tag !== Tag.PRINTABLE_STRING) {
    note("DEVIATION_FORM", `${path} is ${nameTag(element.tag)}, expected PRINTABLE STRING`, element.start);
  }
  return text;
}

/** Takes the elements of a SEQUENCE in their order, each of which may be left out. */
interface Fields {
  at: number;
  take(isWanted: (tag: number) => boolean): Element | undefined;
}

function createFields(input: Uint8Array, { contentStart, end }: Element): Fields {
  return {
    at: contentStart,
    take(isWanted) {
      if (this.at >= end || !isWanted(input[this.at] as number)) return undefined;
      const element = readElement(input, this.at, end);
      this.at = element.end;
      return element;
    },
  };
}

function noteRest(at: number, { end }: Element, what: string, note: DeviationNote): void {
  if (at < end) note("TRAILING_DATA", `${what} goes on for ${end - at} bytes that are not read`, at);
}

const ignore: DeviationNote = () => {};
const contextTag3 = 0x83;
const isDocumentType = (tag: number) => tag === Tag.CONTEXT_0_PRIMITIVE;
const isDscIdentifier = (tag: number) =>
  tag === Tag.CONTEXT_1 || tag === Tag.CONTEXT_2_PRIMITIVE || tag === contextTag3;
const isIssuingDate = (tag: number) => tag === 0xa4;
const isDocumentNumbers = (tag: number) => tag === 0xa5;
const isNoOid = (tag: number) => tag !== Tag.OBJECT_IDENTIFIER;
const isParameters = (tag: number) => tag === Tag.CONTEXT_0;
const isNationalUse = (tag: number) => tag === Tag.CONTEXT_1;
const stringTags: ReadonlySet<number> = new Set([Tag.UTF8_STRING, Tag.BMP_STRING, Tag.UNIVERSAL_STRING]);
