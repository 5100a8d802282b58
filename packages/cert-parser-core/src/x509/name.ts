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
import { idAtCountryName } from "../der/oids.ts";
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
import { attributeDescriptors } from "./attribute-types.ts";

/** A distinguished name: the exact bytes, and what they say. */
export interface Name {
  readonly der: Uint8Array;
  /** In the order of the encoding, the country usually first. */
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

/** The text of a name as RFC 4514 writes it, most specific attribute first: `CN=CSCA,O=Example,C=UT`. */
export function formatName(name: Name): string {
  return name instanceof NameView ? name.text : name.rdns.map(formatRdn).reverse().join(",");
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

/** Tells whether two names are the same bytes. */
export function equalNames(a: Name, b: Name): boolean {
  return a === b || equalBytes(a.der, b.der);
}

/** Told of one attribute; `value` is read into again for the next. `rdn` counts the levels of the name. */
type AttributeVisitor = (type: string, value: Element, rdn: number) => void;

function walkAttributes(input: Uint8Array, element: Element, path: string, visit: AttributeVisitor): void {
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
}

/** A class, unlike most here: what is made of a name is made when it is asked for, and kept. */
class NameView implements Name {
  readonly country: string | undefined;
  readonly #input: Uint8Array;
  readonly #element: Element;
  readonly #path: string;
  #rdns: readonly RelativeDistinguishedName[] | undefined;
  #text: string | undefined;
  #hex: string | undefined;

  /** Walks the whole name, so that nothing of it can fail later. */
  constructor(input: Uint8Array, element: Element, path: string) {
    let country: string | undefined;
    walkAttributes(input, element, path, (type, value) => {
      if (type === idAtCountryName) country ??= decodeString(value.tag, contentBytes(input, value));
    });
    this.country = country;
    this.#input = input;
    this.#element = element;
    this.#path = path;
  }

  get der(): Uint8Array {
    return rawBytes(this.#input, this.#element);
  }

  get rdns(): readonly RelativeDistinguishedName[] {
    this.#rdns ??= rdnsAt(this.#input, this.#element, this.#path);
    return this.#rdns;
  }

  get text(): string {
    this.#text ??= this.rdns.map(formatRdn).reverse().join(",");
    return this.#text;
  }

  get hex(): string {
    this.#hex ??= toHex(this.der);
    return this.#hex;
  }
}

function rdnsAt(input: Uint8Array, element: Element, path: string): readonly RelativeDistinguishedName[] {
  const rdns: NameAttribute[][] = [];
  walkAttributes(input, element, path, (type, value, rdn) => {
    const text = decodeString(value.tag, contentBytes(input, value)) ?? null;
    const attribute = new AttributeView(input, type, { ...value }, text);
    const attributes = rdns[rdn];
    if (attributes === undefined) rdns[rdn] = [attribute];
    else attributes.push(attribute);
  });
  return rdns;
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

function decodeString(tag: number, content: Uint8Array): string | undefined {
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

function formatRdn(rdn: RelativeDistinguishedName): string {
  return rdn.map(formatAttribute).join("+");
}

function formatAttribute({ type, value, der }: NameAttribute): string {
  const descriptor = attributeDescriptors.get(type);
  // RFC 4514, 2.4: a type without a descriptor, or a value without a text, is written as the hex of its BER.
  if (descriptor === undefined || value === null) return `${descriptor ?? type}=#${toHex(der)}`;
  return `${descriptor}=${escapeValue(value)}`;
}

/** RFC 4514, 2.4. Control characters need no escape there, but have one in its example, and would break a line here. */
function escapeValue(value: string): string {
  if (!needsEscape.test(value)) return value;
  return value.replace(/["+,;<>\\]|^[ #]| $/g, "\\$&").replace(/\p{Cc}/gu, escapeOctets);
}

function escapeOctets(character: string): string {
  return Array.from(new TextEncoder().encode(character), (octet) => `\\${toHex(Uint8Array.of(octet))}`).join(
    "",
  );
}

const needsEscape = /["+,;<>\\\p{Cc}]|^[ #]| $/u;
