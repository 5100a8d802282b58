/**
 * The data conversion primitives of RFC 8017, section 4.
 *
 * @module
 */

import { fromHex, toHex } from "../bytes/hex.ts";

/** OS2IP: the number that big-endian octets write. */
export function os2ip(octets: Uint8Array): bigint {
  return octets.length === 0 ? 0n : BigInt(`0x${toHex(octets)}`);
}

/** I2OSP: a number as so many big-endian octets, which must hold it. */
export function i2osp(value: bigint, length: number): Uint8Array {
  return fromHex(value.toString(16).padStart(2 * length, "0"));
}
