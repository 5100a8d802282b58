/**
 * Says what an input that cannot be read looks like, for the error that its user sees.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import { decodeLatin1 } from "../bytes/text.ts";

/** One sentence: what was found at the beginning, and what was expected. */
export function describeUnknown(bytes: Uint8Array): string {
  if (bytes.length === 0) return "input is empty, expected a Master List";
  const head = decodeLatin1(bytes.subarray(0, 512)).trimStart();
  const known = appearances.find(([pattern]) => pattern.test(head));
  if (known) return `input looks like ${known[1]}, expected a Master List in DER`;
  if (printable.test(head)) {
    return `input is text that begins with ${JSON.stringify(head.slice(0, 24))}, expected a Master List in DER`;
  }
  return `input begins with the bytes ${toHex(bytes.subarray(0, 8))}, expected a Master List in DER (30 ...)`;
}

const printable = /^[\x20-\x7e\s]+$/;
const appearances: readonly (readonly [RegExp, string])[] = [
  [/^<(?:!doctype|html|\?xml|head|body)/i, "an HTML or XML page"],
  [/^-----BEGIN /, "PEM"],
  [/^PK[^ -~]{2}/, "a ZIP archive"],
  [/^%PDF-/, "a PDF document"],
  [/^(?:version: 1\s|dn:)/i, "LDIF"],
  [/^[[{]/, "JSON"],
  [/^MI[IIJK][A-Za-z0-9+/\s]+=*/, "base64"],
];
