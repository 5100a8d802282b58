/**
 * Distinguished names, in each string type that real ones use.
 *
 * @module
 */

import { element, objectIdentifier, sequence, setOf, Tag } from "../asn1/der-writer.ts";

/** One attribute of a name. */
export interface NameAttribute {
  /** A short name of {@link attributeOids}, or a dotted OID. */
  readonly type: string;
  readonly value: string;
  /** Default: what Doc 9303-12 asks for (PrintableString for C and SERIALNUMBER, else UTF8String), IA5String for E and DC. */
  readonly string?: StringType;
}

/** ASN.1 string types of names. */
export type StringType =
  | "printableString"
  | "utf8String"
  | "ia5String"
  | "t61String"
  | "universalString"
  | "bmpString";

/** A name as a list of RDNs; an RDN of several attributes is a list itself. Bytes are taken as the DER of a Name. */
export type NameInput = readonly (NameAttribute | readonly NameAttribute[])[] | Uint8Array;

/** Short names of attribute types (RFC 4514, 3; RFC 4519). */
export const attributeOids: Readonly<Record<string, string>> = {
  C: "2.5.4.6",
  CN: "2.5.4.3",
  DC: "0.9.2342.19200300.100.1.25",
  E: "1.2.840.113549.1.9.1",
  L: "2.5.4.7",
  O: "2.5.4.10",
  OU: "2.5.4.11",
  SERIALNUMBER: "2.5.4.5",
  ST: "2.5.4.8",
};

/** Name ::= RDNSequence, in DER. Throws TypeError on an attribute type that is neither known nor an OID. */
export function encodeName(name: NameInput): Uint8Array {
  if (name instanceof Uint8Array) return name;
  return sequence(...name.map((rdn) => setOf([rdn].flat().map(encodeAttribute))));
}

/** The first countryName in upper case, as a known answer; null if there is none, or if the name was given as bytes. */
export function countryOf(name: NameInput): string | null {
  if (name instanceof Uint8Array) return null;
  return (
    name
      .flat()
      .find(({ type }) => type === "C")
      ?.value.toUpperCase() ?? null
  );
}

function encodeAttribute({ type, value, string = usualString(type) }: NameAttribute): Uint8Array {
  const oid = attributeOids[type] ?? type;
  if (!/^[0-2](\.\d+)+$/.test(oid)) throw new TypeError(`unknown attribute type ${type}`);
  return sequence(objectIdentifier(oid), element(Tag[string], encodeString(value, string)));
}

function usualString(type: string): StringType {
  if (type === "C" || type === "SERIALNUMBER") return "printableString";
  return type === "E" || type === "DC" ? "ia5String" : "utf8String";
}

function encodeString(value: string, type: StringType): Uint8Array {
  if (type === "bmpString") return new Uint8Array(Buffer.from(value, "utf16le").swap16());
  if (type === "universalString") return utf32(value);
  // T61String is taken for Latin-1 nearly everywhere, and so do the countries that use it.
  return new Uint8Array(Buffer.from(value, type === "utf8String" ? "utf8" : "latin1"));
}

/** UCS-4, most significant octet first (X.690, 8.23.7). */
function utf32(value: string): Uint8Array {
  const characters = [...value];
  const octets = new DataView(new ArrayBuffer(characters.length * 4));
  for (const [index, character] of characters.entries()) {
    octets.setUint32(index * 4, character.codePointAt(0) ?? 0);
  }
  return new Uint8Array(octets.buffer);
}
