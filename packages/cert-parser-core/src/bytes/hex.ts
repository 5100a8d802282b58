/**
 * Lower-case hexadecimal, the form that fingerprints and key identifiers are written in.
 *
 * @module
 */

/** Writes bytes as lower-case hex, two digits each. */
export function toHex(bytes: HexableBytes): string {
  if (bytes.toHex !== undefined) return bytes.toHex();
  if (bytes.length <= shortBytes) return toShortHex(bytes);
  let hex = "";
  for (let at = 0; at < bytes.length; at += scratchBytes) hex += toHexPiece(bytes, at);
  return hex;
}

/** Reads hex in either case. Throws `TypeError` where it is not hex: that is the caller's mistake. */
export function fromHex(hex: string): Uint8Array {
  if (hex.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(hex)) throw new TypeError("not hexadecimal");
  const bytes = new Uint8Array(hex.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

/** ES2026 gives byte arrays a method for this; Deno and Bun have it, Node 24 has not. */
type HexableBytes = Uint8Array & { toHex?: () => string };

/** Some twice as fast as a decoder for what is as short as a serial number or a key identifier. */
function toShortHex(bytes: Uint8Array): string {
  let hex = "";
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) {
    const a = bytes[at] as number;
    const b = bytes[at + 1] as number;
    const c = bytes[at + 2] as number;
    const d = bytes[at + 3] as number;
    hex += String.fromCharCode(
      digits[a >> 4] as number,
      digits[a & 15] as number,
      digits[b >> 4] as number,
      digits[b & 15] as number,
      digits[c >> 4] as number,
      digits[c & 15] as number,
      digits[d >> 4] as number,
      digits[d & 15] as number,
    );
  }
  for (; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    hex += String.fromCharCode(digits[byte >> 4] as number, digits[byte & 15] as number);
  }
  return hex;
}

function toHexPiece(bytes: Uint8Array, start: number): string {
  const length = Math.min(bytes.length - start, scratchBytes);
  for (let at = 0; at < length; at++) {
    const byte = bytes[start + at] as number;
    scratch[2 * at] = digits[byte >> 4] as number;
    scratch[2 * at + 1] = digits[byte & 15] as number;
  }
  return decoder.decode(scratch.subarray(0, 2 * length));
}

const digits = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));
const decoder = new TextDecoder();
const shortBytes = 32;
// Written and read within one call; an array made for each would cost more than the conversion.
const scratchBytes = 2048;
const scratch = new Uint8Array(2 * scratchBytes);
