/**
 * Names as ICAO's directory spells them in the DN of an entry.
 *
 * @module
 */

import type { NameInput } from "../x509/name.ts";

/** `C=XA,O=Government of XA,CN=CSCA XA`, in the order of the certificate. Throws TypeError if the name was given as bytes. */
export function formatName(name: NameInput): string {
  if (name instanceof Uint8Array) throw new TypeError("expected a name by its parts, got bytes");
  return name
    .flat()
    .map(({ type, value }) => `${type}=${value}`)
    .join();
}
