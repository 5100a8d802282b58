/**
 * The text form of a distinguished name, RFC 4514.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import { attributeDescriptors } from "./attribute-types.ts";
import type { NameAttribute, RelativeDistinguishedName } from "./name.ts";

/** Writes the levels of a name, most specific first. */
export function formatRdns(rdns: readonly RelativeDistinguishedName[]): string {
  return rdns.map(formatRdn).reverse().join(",");
}

function formatRdn(rdn: RelativeDistinguishedName): string {
  const [only] = rdn;
  return rdn.length === 1 && only ? formatAttribute(only) : rdn.map(formatAttribute).join("+");
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
