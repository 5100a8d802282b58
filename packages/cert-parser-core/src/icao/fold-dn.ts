/**
 * DNs in their string form, RFC 4514, as directories compare them.
 *
 * @module
 */

import { fromHex, toHex } from "../bytes/hex.ts";
import { decodeUtf8 } from "../bytes/text.ts";

/** Without regard to case, to space around what parts a DN, and to how a character is escaped. */
export function foldDn(dn: string): string {
  return dn
    .replace(escapes, canonicalEscape)
    .toLowerCase()
    .split(/([,+=])/)
    .map((piece) => piece.trim())
    .join("");
}

/** RFC 4514, 3: a backslash before a special character, or before the octets of one in hex. */
function canonicalEscape(escaped: string): string {
  const text = escaped.length === 2 ? escaped.slice(1) : decodeUtf8(fromHex(escaped.replaceAll("\\", "")));
  return text === undefined ? escaped : text.replace(special, escapeInHex);
}

function escapeInHex(character: string): string {
  return `\\${toHex(Uint8Array.of(character.charCodeAt(0)))}`;
}

const escapes = /(?:\\[0-9a-f]{2})+|\\./gis;
const special = /[ "#+,;<=>\\]/g;
