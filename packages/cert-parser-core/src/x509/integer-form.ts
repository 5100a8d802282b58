/**
 * INTEGERs that have more octets than they need: read all the same, and noted.
 *
 * @module
 */

import { isMinimalInteger } from "../der/integer.ts";
import type { Element } from "../der/reader.ts";
import type { Finding } from "../findings.ts";

/** Notes an INTEGER that is not in its shortest form. */
export function noteIntegerForm(
  input: Uint8Array,
  element: Element,
  path: string,
  findings: Finding[],
): void {
  if (isMinimalInteger(input, element)) return;
  findings.push({
    code: "INTEGER_NOT_MINIMAL",
    message: `${path} begins with an octet that it does not need`,
    offset: element.start,
    clause: "X.690, 8.3.2",
  });
}
