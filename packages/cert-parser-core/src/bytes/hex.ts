/**
 * Lower-case hexadecimal, the form that fingerprints and key identifiers are written in.
 *
 * @module
 */

/** Writes bytes as lower-case hex, two digits each. */
export function toHex(bytes: HexableBytes): string {
  if (bytes.toHex !== undefined) return bytes.toHex();
  const ascii = new Uint8Array(bytes.length * 2);
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    ascii[2 * at] = digits.charCodeAt(byte >> 4);
    ascii[2 * at + 1] = digits.charCodeAt(byte & 15);
  }
  return asciiDecoder.decode(ascii);
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

const digits = "0123456789abcdef";
const asciiDecoder = new TextDecoder("latin1");
