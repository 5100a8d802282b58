/**
 * Names as the Python predecessor wrote them into its tables, so that whoever compares its texts finds the same.
 *
 * It used two libraries: `cryptography` for `issuer`, asn1crypto for `master_list_issuer`. Both forms are theirs.
 *
 * @module
 */

import { type Name, type NameAttribute, toHex } from "cert-parser-core";

/** `Name.rfc4514_string()` of Python's `cryptography`. Other types than the nine are dotted OIDs, values always text. */
export function predecessorIssuer(name: Name): string {
  return name.rdns
    .toReversed()
    .map((rdn) => rdn.map(formatAttribute).join("+"))
    .join(",");
}

/** `Name.human_friendly` of Python's asn1crypto: `Common Name: CSCA, Organization: Example, Country: UT`. */
export function predecessorMasterListIssuer(name: Name): string {
  const valuesByField = new Map<string, string[]>();
  let lastField = "";
  for (const attribute of name.rdns.flat()) {
    lastField = friendlyNames.get(attribute.type) ?? attribute.type;
    const values = valuesByField.get(lastField);
    if (values === undefined) valuesByField.set(lastField, [plainText(attribute)]);
    else values.unshift(plainText(attribute));
  }

  const parts = Array.from(valuesByField, ([field, values]) => `${field}: ${values.join(", ")}`);
  // Names that end in their country are the ones written the other way round.
  if (lastField !== "Country") parts.reverse();
  return parts.join(parts.some((part) => part.includes(",")) ? "; " : ", ");
}

/** The issuer's country as written, in whatever case; null where there is none. */
export function predecessorCountry(name: Name): string | null {
  return name.rdns.flat().find(({ type }) => type === idCountryName)?.value ?? null;
}

function formatAttribute(attribute: NameAttribute): string {
  const { type, value } = attribute;
  return `${shortNames.get(type) ?? type}=${value === null ? plainText(attribute) : escapeValue(value)}`;
}

/** Text as it is; anything else as the hex of its content, the way a bit string's octets are written. */
function plainText({ value, tag, der }: NameAttribute): string {
  if (value !== null) return value;
  const content = contentOf(der);
  // A BIT STRING begins with the number of unused bits, which is no part of the octets.
  return `#${toHex(tag === bitString ? content.subarray(1) : content)}`;
}

function contentOf(der: Uint8Array): Uint8Array {
  const length = der[1] ?? 0;
  return der.subarray(length < 0x80 ? 2 : 2 + (length & 0x7f));
}

function escapeValue(value: string): string {
  const escaped = value.replace(/["+,;<>\\]/g, "\\$&").replaceAll("\0", "\\00");
  // A value of one space has only its end escaped.
  const startsSpecially = escaped.startsWith("#") || (escaped.startsWith(" ") && escaped.length > 1);
  const opened = startsSpecially ? `\\${escaped}` : escaped;
  return opened.endsWith(" ") ? `${opened.slice(0, -1)}\\ ` : opened;
}

const bitString = 0x03;
const idCountryName = "2.5.4.6";

const shortNames: ReadonlyMap<string, string> = new Map([
  ["2.5.4.3", "CN"],
  ["2.5.4.6", "C"],
  ["2.5.4.7", "L"],
  ["2.5.4.8", "ST"],
  ["2.5.4.9", "STREET"],
  ["2.5.4.10", "O"],
  ["2.5.4.11", "OU"],
  ["0.9.2342.19200300.100.1.1", "UID"],
  ["0.9.2342.19200300.100.1.25", "DC"],
]);

const friendlyNames: ReadonlyMap<string, string> = new Map([
  ["2.5.4.3", "Common Name"],
  ["2.5.4.4", "Surname"],
  ["2.5.4.5", "Serial Number"],
  ["2.5.4.6", "Country"],
  ["2.5.4.7", "Locality"],
  ["2.5.4.8", "State/Province"],
  ["2.5.4.9", "Street Address"],
  ["2.5.4.10", "Organization"],
  ["2.5.4.11", "Organizational Unit"],
  ["2.5.4.12", "Title"],
  ["2.5.4.15", "Business Category"],
  ["2.5.4.17", "Postal Code"],
  ["2.5.4.20", "Telephone Number"],
  ["2.5.4.41", "Name"],
  ["2.5.4.42", "Given Name"],
  ["2.5.4.43", "Initials"],
  ["2.5.4.44", "Generation Qualifier"],
  ["2.5.4.45", "Unique Identifier"],
  ["2.5.4.46", "DN Qualifier"],
  ["2.5.4.65", "Pseudonym"],
  ["2.5.4.97", "Organization Identifier"],
  ["1.2.840.113549.1.9.1", "Email Address"],
  ["0.9.2342.19200300.100.1.1", "User ID"],
  ["0.9.2342.19200300.100.1.25", "Domain Component"],
]);
