/**
 * A UUID that follows from a digest, so that the same bytes have the same id in every store and after every run.
 *
 * @module
 */

/** RFC 9562, 5.8: version 8, made of the first 16 bytes of the SHA-256 (lower-case hex). */
export function stableUuid(sha256: string): string {
  const versioned = `8${sha256.slice(13, 16)}`;
  // The variant is 0b10 in the two high bits.
  const variant = ((Number.parseInt(sha256.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    sha256.slice(0, 8),
    sha256.slice(8, 12),
    versioned,
    `${variant}${sha256.slice(17, 20)}`,
    sha256.slice(20, 32),
  ].join("-");
}
