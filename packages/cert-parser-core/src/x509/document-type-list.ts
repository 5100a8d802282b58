/**
 * DocumentTypeList, Doc 9303-12 section 7.1.1: which documents a signer signs, as their machine readable zones begin.
 *
 * ```asn1
 * DocumentTypeListSyntax ::= SEQUENCE {
 *   version     DocumentTypeListVersion,
 *   docTypeList SET OF DocumentType }
 * DocumentTypeListVersion ::= INTEGER { v0(0) }
 * DocumentType ::= PrintableString (SIZE (1..2))
 * ```
 *
 * @module
 */

import { decodeLatin1 } from "../bytes/text.ts";
import { decodeSmallInteger } from "../der/integer.ts";
import { idIcaoDocumentTypeList, idIcaoFormerDocumentTypeList } from "../der/oids.ts";
import { contentBytes, type Element, expectEnd, readElement } from "../der/reader.ts";
import { nameTag, Tag } from "../der/tag.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";

/** The types of documents; one letter stands for all types that begin with it. */
export interface DocumentTypeList {
  /** In the order of the encoding. */
  readonly types: readonly string[];
  readonly encoding: DocumentTypeListEncoding;
}

/**
 * How the types were written: as Doc 9303-12 has it; each in a SET of its own (Moldova); as a SEQUENCE OF or a SET OF
 * without a version (China, Tanzania, Philippines); as a single string (Oman); in any
 * other way that could be read.
 */
export type DocumentTypeListEncoding =
  | "standard"
  | "set-per-type"
  | "sequence-of"
  | "set-of"
  | "string"
  | "other";

/** Reads the DocumentTypeList in the extnValue, however it is written, and notes what is not as it should be. */
export function decodeDocumentTypeList(
  input: Uint8Array,
  { contentStart, end }: Element,
  findings: Finding[],
): DocumentTypeList {
  const outer = readElement(input, contentStart, end);
  expectEnd(outer.end, end, path);
  const reading: Reading = {
    input,
    types: [],
    collections: 0,
    innermost: 0,
    stringTag: Tag.PRINTABLE_STRING,
  };
  const version = isCollection(outer) ? readVersion(input, outer) : undefined;
  if (isCollection(outer)) walk(reading, version?.end ?? outer.contentStart, outer.end, 0);
  else reading.types.push(documentTypeAt(reading, outer));

  const encoding = encodingOf(reading, outer, version !== undefined);
  const note = (code: Finding["code"], message: string) =>
    findings.push({ code, message: `${path} ${message}`, offset: contentStart, clause });
  if (encoding !== "standard") note("DOCUMENT_TYPE_LIST_FORM", deviations[encoding]);
  if (version !== undefined && version.number !== 0) {
    note("DOCUMENT_TYPE_LIST_FORM", `is of version ${version.number}, expected 0`);
  }
  noteTypes(reading, note);
  return { types: reading.types, encoding };
}

/** Reads a DocumentTypeList under the OID of an early draft, as French signers have it, and notes that. */
export function decodeFormerDocumentTypeList(
  input: Uint8Array,
  extnValue: Element,
  findings: Finding[],
): DocumentTypeList {
  findings.push({
    code: "DOCUMENT_TYPE_LIST_FORM",
    message: `${path} stands under ${idIcaoFormerDocumentTypeList}, expected ${idIcaoDocumentTypeList}`,
    offset: extnValue.contentStart,
    clause,
  });
  return decodeDocumentTypeList(input, extnValue, findings);
}

/** What the walk has met. */
interface Reading {
  readonly input: Uint8Array;
  readonly types: string[];
  /** How many SETs and SEQUENCEs there are inside the outermost. */
  collections: number;
  /** Depth at which the types stand, the outermost collection being 0. */
  innermost: number;
  /** The last string type that is not the right one. */
  stringTag: number;
}

function readVersion(
  input: Uint8Array,
  { contentStart, end }: Element,
): { readonly number: number; readonly end: number } | undefined {
  if (contentStart === end || input[contentStart] !== Tag.INTEGER) return undefined;
  const integer = readElement(input, contentStart, end);
  return { number: decodeSmallInteger(input, integer, path), end: integer.end };
}

function walk(reading: Reading, start: number, end: number, depth: number): void {
  for (let at = start; at < end; ) {
    const element = readElement(reading.input, at, end);
    at = element.end;
    if (isCollection(element) && depth < maxDepth) {
      reading.collections++;
      walk(reading, element.contentStart, element.end, depth + 1);
    } else {
      reading.types.push(documentTypeAt(reading, element));
      reading.innermost = depth;
    }
  }
}

function documentTypeAt(reading: Reading, element: Element): string {
  const octets = contentBytes(reading.input, element);
  if (!stringTags.includes(element.tag) || octets.some((octet) => octet >= 0x80)) {
    throw new CertParserError(
      "DER_SYNTAX",
      `${path} holds ${nameTag(element.tag)}, expected a PrintableString`,
      { offset: element.start, path },
    );
  }
  if (element.tag !== Tag.PRINTABLE_STRING) reading.stringTag = element.tag;
  return decodeLatin1(octets);
}

function encodingOf(reading: Reading, outer: Element, hasVersion: boolean): DocumentTypeListEncoding {
  const { input, collections, innermost } = reading;
  if (!isCollection(outer)) return "string";
  if (!hasVersion && collections === 0) return outer.tag === Tag.SET ? "set-of" : "sequence-of";
  const first =
    input[hasVersion ? readElement(input, outer.contentStart, outer.end).end : outer.contentStart];
  if (first !== Tag.SET) return "other";
  if (collections > 1) return "set-per-type";
  return hasVersion && outer.tag === Tag.SEQUENCE && innermost <= 1 ? "standard" : "other";
}

function noteTypes(
  { types, stringTag }: Reading,
  note: (code: Finding["code"], message: string) => void,
): void {
  if (types.length === 0) note("EXTENSION_EMPTY", "names no type");
  if (stringTag !== Tag.PRINTABLE_STRING) {
    note("DOCUMENT_TYPE_LIST_FORM", `holds a ${nameTag(stringTag)}, expected a PrintableString`);
  }
  const wrong = types.find(({ length }) => length < 1 || length > 2);
  if (wrong !== undefined) {
    note(
      "DOCUMENT_TYPE_LIST_FORM",
      `holds ${JSON.stringify(wrong.slice(0, 16))}, expected one or two letters`,
    );
  }
}

function isCollection({ tag }: Element): boolean {
  return tag === Tag.SEQUENCE || tag === Tag.SET;
}

const path = "documentTypeList";
const clause = "Doc 9303-12, 7.1.1";
// The SET inside the SEQUENCE is one; a SET for each type inside that SET is the most that a mistake adds.
const maxDepth = 2;
const stringTags: readonly number[] = [
  Tag.PRINTABLE_STRING,
  Tag.UTF8_STRING,
  Tag.IA5_STRING,
  Tag.VISIBLE_STRING,
  Tag.T61_STRING,
  Tag.NUMERIC_STRING,
];
const deviations: Readonly<Record<Exclude<DocumentTypeListEncoding, "standard">, string>> = {
  "set-per-type": "has each type in a SET of its own, expected all in one",
  "sequence-of": "is a SEQUENCE OF without a version, expected a SEQUENCE of a version and a SET",
  "set-of": "is a SET OF without a version, expected a SEQUENCE of a version and a SET",
  string: "is a single string, expected a SEQUENCE of a version and a SET",
  other: "is written in a way of its own, expected a SEQUENCE of a version and a SET",
};
