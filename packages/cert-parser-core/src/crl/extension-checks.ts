/**
 * What every extension of a CRL and of its entries is asked: is it the first of its type, and is it critical as RFC 5280
 * sections 5.2 and 5.3 have it.
 *
 * @module
 */

import type { Element } from "../der/reader.ts";
import type { Finding } from "../findings.ts";

/** Whether an extension should be critical, by its type. */
export type ExpectedCriticality = ReadonlyMap<string, boolean>;

/** Notes what is amiss; tells whether the extension is the first of its type in `seen`, which then has it. */
export function checkExtension(
  type: string,
  critical: boolean,
  extnValue: Element,
  expected: ExpectedCriticality,
  seen: Set<string>,
  findings: Finding[],
): boolean {
  const note = (code: Finding["code"], message: string, clause: string) =>
    findings.push({ code, message, offset: extnValue.contentStart, clause });
  if (seen.has(type)) {
    note("EXTENSION_DUPLICATE", `extension ${type} stands there before`, "RFC 5280, 4.2");
    return false;
  }
  seen.add(type);
  const wanted = expected.get(type);
  if (wanted === undefined && critical) {
    note("EXTENSION_CRITICALITY", `extension ${type} is critical, and not known here`, "RFC 5280, 5.2");
  } else if (wanted !== undefined && critical !== wanted) {
    const [found, should] = critical ? ["is", "should not"] : ["is not", "should"];
    note("EXTENSION_CRITICALITY", `extension ${type} ${found} critical, and ${should} be`, "RFC 5280, 5.2");
  }
  return true;
}
