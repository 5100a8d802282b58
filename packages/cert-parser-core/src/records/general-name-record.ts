/**
 * The plain record of a GeneralName.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import type { GeneralName } from "../x509/general-name.ts";
import { formatName } from "../x509/name.ts";

/** One GeneralName as plain data. */
export interface GeneralNameRecord {
  readonly type: GeneralName["type"];
  /** The text; a directoryName as RFC 4514 writes it; of otherName, x400Address and ediPartyName, the DER in hex. */
  readonly value: string;
}

/** Makes the records of GeneralNames; null where there are none to be made of. */
export function toGeneralNameRecords(
  names: readonly GeneralName[] | undefined,
): readonly GeneralNameRecord[] | null {
  return names?.map(toGeneralNameRecord) ?? null;
}

function toGeneralNameRecord(name: GeneralName): GeneralNameRecord {
  if (name.type === "directoryName") return { type: name.type, value: formatName(name.value) };
  return { type: name.type, value: name.value ?? toHex(name.der) };
}
