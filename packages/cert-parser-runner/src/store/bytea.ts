/**
 * Bytes on their way to the database: the one place that speaks of Buffer, which the driver asks for.
 *
 * @module
 */

/** The bytes themselves, without copying them. */
export function bytea(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The bytes that lower-case hex stands for. Throws `TypeError` where it is not hex. */
export function byteaFromHex(hex: string): Buffer {
  const bytes = Buffer.from(hex, "hex");
  // Buffer.from stops at the first character that is no digit, and says nothing.
  if (bytes.length * 2 !== hex.length) throw new TypeError("not hexadecimal");
  return bytes;
}

/** The same for a value that may be absent. */
export function byteaFromOptionalHex(hex: string | null): Buffer | null {
  return hex === null ? null : byteaFromHex(hex);
}
