/**
 * How many extensions are looked at, and how long: each that is malformed costs an error, each that is read some objects.
 *
 * @module
 */

import { type Element, readElement, reusedElement } from "../der/reader.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";
import type { Limits } from "../limits.ts";

/** Throws where the SEQUENCE `element` frames more extensions than agreed. */
export function expectFewExtensions(
  input: Uint8Array,
  { contentStart, end }: Element,
  path: string,
  { maxExtensions }: Limits,
): void {
  // So many cannot be in less.
  if (end - contentStart <= 2 * maxExtensions) return;
  const extension = reusedElement();
  let count = 0;
  for (let at = contentStart; at < end; at = extension.end) {
    if (count++ === maxExtensions) {
      throw new CertParserError("LIMIT_EXCEEDED", `${path} has over ${maxExtensions} extensions`, {
        offset: at,
        path,
      });
    }
    readElement(input, at, end, extension);
  }
}

/** Tells whether an extension is short enough to be looked into; notes one that is not. */
export function isShort(
  type: string,
  { contentStart, end }: Element,
  { maxExtensionBytes }: Limits,
  findings: Finding[],
): boolean {
  const length = end - contentStart;
  if (length <= maxExtensionBytes) return true;
  findings.push({
    code: "EXTENSION_TOO_LONG",
    message: `extension ${type} was not looked into: its value is ${length} bytes, over ${maxExtensionBytes}`,
    offset: contentStart,
    clause: "Limits.maxExtensionBytes",
  });
  return false;
}
