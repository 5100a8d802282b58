/**
 * Texts as the bytes of a file.
 *
 * @module
 */

/** A text in UTF-8. */
export function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Bytes as base64 in lines of `width`. */
export function base64Lines(bytes: Uint8Array, width = 64, lineEnd = "\n"): string {
  const base64 = Buffer.from(bytes).toString("base64");
  return base64.replace(new RegExp(`.{${width}}(?=.)`, "g"), `$&${lineEnd}`);
}
