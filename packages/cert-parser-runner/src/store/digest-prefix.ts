/**
 * The beginning of a digest, by which operators name a key or a file.
 *
 * @module
 */

/**
 * Reads the beginning of a SHA-256: lower-case hex, colons left out; undefined if it has under 16 digits. Somebody can make
 * a key or a file whose digest begins with any eight digits; with sixteen nobody can.
 */
export function digestPrefix(text: string): string | undefined {
  const prefix = text.toLowerCase().replaceAll(":", "");
  return /^[0-9a-f]{16,64}$/.test(prefix) ? prefix : undefined;
}
