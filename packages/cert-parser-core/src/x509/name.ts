/**
 * Distinguished names, RFC 5280 section 4.1.2.4, and their text form, RFC 4514.
 *
 * ```asn1
 * Name ::= CHOICE { rdnSequence SEQUENCE OF RelativeDistinguishedName }
 * RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue
 * AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY }
 * ```
 *
 * @module
 */

import { equalBytes } from "../bytes/compare.ts";
import { toHex } from "../bytes/hex.ts";
import { decodeLatin1, decodeUtf8, decodeUtf16, decodeUtf32 } from "../bytes/text.ts";
import { decodeOid } from "../der/oid.ts";
import { idAtCommonName, idAtCountryName } from "../der/oids.ts";
import {
  contentBytes,
  type Element,
  expectElement,
  expectEnd,
  rawBytes,
  readElement,
  reusedElement,
} from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import type { Finding } from "../findings.ts";
import { foldRdns } from "./name-folding.ts";
import { stringDeviation } from "./name-strings.ts";
import { formatRdns } from "./name-text.ts";
import { noDeviations, noteDeviations, type RelativeFinding } from "./relative-finding.ts";

/** A distinguished name: the exact bytes, and what they say. */
export interface Name {
  readonly der: Uint8Array;
  /** In the order of the encoding, the country usually first. Read anew each time that they are asked for. */
  readonly rdns: readonly RelativeDistinguishedName[];
}

/** One level of a name; nearly always a single attribute. */
export type RelativeDistinguishedName = readonly NameAttribute[];

/** AttributeTypeAndValue. */
export interface NameAttribute {
  /** Dotted OID. */
  readonly type: string;
  /** Identifier octet of the value, which tells its string type. */
  readonly tag: number;
  /** The text; null where the value is no string, or not in the character set that its type promises. */
  readonly value: string | null;
  /** The value with its tag and length. */
  readonly der: Uint8Array;
}

/** Reads a Name that is all of `der`. */
export function parseName(der: Uint8Array): Name {
  const element = expectElement(der, 0, der.length, Tag.SEQUENCE, "Name");
  expectEnd(element.end, der.length, "Name");
  return nameAt(der, element, "Name");
}

/** Reads the Name that `element` frames. */
export function nameAt(input: Uint8Array, element: Element, path: string): Name {
  return new NameView(input, element, path);
}

/** Has the texts of a name kept, since they will be asked for again: several certificates have it. */
export function keepTexts(name: Name): void {
  if (name instanceof NameView) name.keepsTexts = true;
}

/** Throws unless `element` frames a Name. */
export function checkName(input: Uint8Array, element: Element, path: string): void {
  walkAttributes(input, element, path, ignoreAttribute);
}

/** The text of a name as RFC 4514 writes it, most specific attribute first: `CN=CSCA,O=Example,C=UT`. */
export function formatName(name: Name): string {
  return name instanceof NameView ? name.text : formatRdns(name.rdns);
}

/** The DER of a name in lower-case hex. */
export function formatNameDer(name: Name): string {
  return name instanceof NameView ? name.hex : toHex(name.der);
}

/** The first countryName that is text, as it is written; undefined where there is none. */
export function countryOf(name: Name): string | undefined {
  if (name instanceof NameView) return name.country;
  return (
    name.rdns.flat().find(({ type, value }) => type === idAtCountryName && value !== null)?.value ?? undefined
  );
}

/**
 * The text that two names share when they match by RFC 5280, 7.1: strings of any type, in any case, with any white space.
 * Attributes stand in the order of the encoding, types as dotted OIDs: `2.5.4.6=ut,2.5.4.3=csca utopia`.
 */
export function foldName(name: Name): string {
  return name instanceof NameView ? name.folded : foldRdns(name.rdns);
}

/** Tells whether the name has a commonName, whatever it says. */
export function hasCommonName(name: Name): boolean {
  if (name instanceof NameView) return name.hasCommonName;
  return name.rdns.some((rdn) => rdn.some(({ type }) => type === idAtCommonName));
}

/** Notes the first string that is not of the type, or not in the character set, that Doc 9303-12 asks for. */
export function noteNameStrings(name: Name, start: number, findings: Finding[]): void {
  if (name instanceof NameView) noteDeviations(name.deviations, start, findings);
}

/** Tells whether two names are the same bytes. */
export function equalNames(a: Name, b: Name): boolean {
  return a === b || equalBytes(a.der, b.der);
}

/** Told of one attribute; `value` is read into again for the next. `rdn` counts the levels of the name. */
type AttributeVisitor = (type: string, value: Element, rdn: number) => void;

const ignoreAttribute: AttributeVisitor = () => {};

/** Gives the number of levels. */
function walkAttributes(input: Uint8Array, element: Element, path: string, visit: AttributeVisitor): number {
  const [rdn, pair, type, value] = [reusedElement(), reusedElement(), reusedElement(), reusedElement()];
  let level = 0;
  for (let at = element.contentStart; at < element.end; at = rdn.end) {
    expectElement(input, at, element.end, Tag.SET, path, rdn);
    for (let inner = rdn.contentStart; inner < rdn.end; inner = pair.end) {
      expectElement(input, inner, rdn.end, Tag.SEQUENCE, path, pair);
      expectElement(input, pair.contentStart, pair.end, Tag.OBJECT_IDENTIFIER, path, type);
      readElement(input, type.end, pair.end, value);
      expectEnd(value.end, pair.end, path);
      visit(decodeOid(input, type), value, level);
    }
    level++;
  }
  return level;
}

/** A class, unlike most here: the texts that are made of a name are made when they are asked for. */
class NameView implements Name {
  readonly country: string | undefined;
  readonly hasCommonName: boolean;
  /** At most one; its offset counts from the first byte of the name. */
  readonly deviations: readonly RelativeFinding[];
  /** Most names of document signers are the name of one, whose texts are asked for once. */
  keepsTexts = false;
  readonly #input: Uint8Array;
  readonly #element: Element;
  readonly #path: string;
  #text: string | undefined;
  #folded: string | undefined;
  #hex: string | undefined;

  /** Walks the whole name, so that nothing of it can fail later. */
  constructor(input: Uint8Array, element: Element, path: string) {
    let country: string | undefined;
    let hasCommonName = false;
    let deviation: RelativeFinding | undefined;
    walkAttributes(input, element, path, (type, value) => {
      if (type === idAtCountryName) country ??= decodeString(value.tag, contentBytes(input, value));
      if (type === idAtCommonName) hasCommonName = true;
      deviation ??= stringDeviation(input, type, value);
    });
    this.country = country;
    this.hasCommonName = hasCommonName;
    this.deviations = deviation ? [{ ...deviation, offset: deviation.offset - element.start }] : noDeviations;
    this.#input = input;
    this.#element = element;
    this.#path = path;
  }

  get der(): Uint8Array {
    return rawBytes(this.#input, this.#element);
  }

  get rdns(): readonly RelativeDistinguishedName[] {
    return rdnsAt(this.#input, this.#element, this.#path);
  }

  get text(): string {
    const text = this.#text ?? formatRdns(this.rdns);
    if (this.keepsTexts) this.#text = text;
    return text;
  }

  get folded(): string {
    const folded = this.#folded ?? foldRdns(this.rdns);
    if (this.keepsTexts) this.#folded = folded;
    return folded;
  }

  get hex(): string {
    const hex = this.#hex ?? toHex(this.der);
    if (this.keepsTexts) this.#hex = hex;
    return hex;
  }
}

function rdnsAt(input: Uint8Array, element: Element, path: string): readonly RelativeDistinguishedName[] {
  const rdns: NameAttribute[][] = [];
  const levels = walkAttributes(input, element, path, (type, value, rdn) => {
    padTo(rdn + 1, rdns);
    const text = decodeString(value.tag, contentBytes(input, value)) ?? null;
    const attribute = new AttributeView(input, type, { ...value }, text);
    rdns[rdn]?.push(attribute);
  });
  padTo(levels, rdns);
  return rdns;
}

/** RFC 5280 has no RDN without attributes. One that stands there nevertheless is a level, of nothing. */
function padTo(levels: number, rdns: NameAttribute[][]): void {
  while (rdns.length < levels) rdns.push([]);
}

/** A class, unlike most here: a certificate has ten attributes, and the bytes of few are ever looked at. */
class AttributeView implements NameAttribute {
  readonly type: string;
  readonly tag: number;
  readonly value: string | null;
  readonly #input: Uint8Array;
  readonly #element: Element;

  constructor(input: Uint8Array, type: string, element: Element, value: string | null) {
    this.type = type;
    this.tag = element.tag;
    this.value = value;
    this.#input = input;
    this.#element = element;
  }

  get der(): Uint8Array {
    return rawBytes(this.#input, this.#element);
  }
}

/** The text of a string type; undefined for any other type, and where the octets are not in its character set. */
export function decodeString(tag: number, content: Uint8Array): string | undefined {
  switch (tag) {
    case Tag.PRINTABLE_STRING:
    case Tag.IA5_STRING:
    case Tag.NUMERIC_STRING:
    case Tag.VISIBLE_STRING:
    // Nobody shifts character sets in a T61String; Czech and German CSCAs hold ISO 8859-1 in it.
    case Tag.T61_STRING:
      return decodeLatin1(content);
    case Tag.UTF8_STRING:
      return decodeUtf8(content);
    case Tag.BMP_STRING:
      return decodeUtf16(content);
    case Tag.UNIVERSAL_STRING:
      return decodeUtf32(content);
    default:
      return undefined;
  }
}
