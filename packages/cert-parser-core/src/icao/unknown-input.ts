/**
 * Says what an input that cannot be read looks like, for the error that its user sees.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import { decodeLatin1 } from "../bytes/text.ts";

/** One sentence: what was found at the beginning, and what was expected. */
export function describeUnknown(bytes: Uint8Array): string {
  if (bytes.length === 0) return `input is empty, expected ${expected}`;
  const head = decodeLatin1(bytes.subarray(0, 512)).trimStart();
  const known =
    signatures.find(([signature]) => head.startsWith(signature)) ??
    appearances.find(([pattern]) => pattern.test(head));
  if (known) return `input looks like ${known[1]}, expected ${expected}`;
  if (printable.test(head)) {
    return `input is text that begins with ${JSON.stringify(head.slice(0, 24))}, expected ${expected}`;
  }
  return `input begins with the bytes ${toHex(bytes.subarray(0, 8))}, expected ${expected}`;
}

const expected = "a Master List, certificates or CRLs, in DER, PEM, base64, PKCS #7, LDIF or ZIP";
const printable = /^[\x20-\x7e\s]+$/;
const signatures: readonly (readonly [string, string])[] = [
  ["\u001f\u008b", "a gzip archive: unpack it first"],
  ["7z\u00bc\u00af", "a 7-Zip archive: unpack it first"],
  ["\u00ff\u00fe", "text in UTF-16: save it as UTF-8"],
  ["\u00fe\u00ff", "text in UTF-16: save it as UTF-8"],
];
const appearances: readonly (readonly [RegExp, string])[] = [
  [/^<(?:!doctype|html|\?xml|head|body)/i, "an HTML or XML page"],
  [/^-----BEGIN /, "PEM of another kind"],
  [/^PK[^ -~]{2}/, "part of a ZIP archive"],
  [/^%PDF-/, "a PDF document"],
  [/^[[{]/, "JSON"],
  [/^[A-Za-z0-9+/]{40,}/, "base64 of something else"],
];
