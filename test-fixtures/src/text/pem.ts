/**
 * Textual encodings: base64 in lines, with the frame of PEM (RFC 7468) or without.
 *
 * @module
 */

/** How a text is laid out. */
export interface TextOptions {
  /** Default `\n`. */
  readonly lineEnding?: "\n" | "\r\n";
  /** Characters in a line. Default 64. */
  readonly width?: number;
}

/** One PEM block, with the end of its last line. `label` is `CERTIFICATE`, `X509 CRL`, `CMS` and so on. */
export function encodePem(label: string, der: Uint8Array, options: TextOptions = {}): string {
  const { lineEnding = "\n" } = options;
  return `-----BEGIN ${label}-----${lineEnding}${encodeBase64(der, options)}-----END ${label}-----${lineEnding}`;
}

/** Base64 in lines, each with its end. */
export function encodeBase64(bytes: Uint8Array, { lineEnding = "\n", width = 64 }: TextOptions = {}): string {
  const text = Buffer.from(bytes).toString("base64");
  let lines = "";
  for (let at = 0; at < text.length; at += width) lines += `${text.slice(at, at + width)}${lineEnding}`;
  return lines;
}
