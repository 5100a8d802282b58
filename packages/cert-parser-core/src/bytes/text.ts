/**
 * The character sets of ASN.1 strings.
 *
 * @module
 */

/** Reads one character a byte: ASCII, ISO 8859-1, and what T61String holds in practice. */
export function decodeLatin1(bytes: Uint8Array): string {
  // The runtimes' TextDecoder takes "latin1" for windows-1252, which has other letters at 80 to 9f.
  if (bytes.length <= maxArguments) return fromCharCodes(bytes);
  let text = "";
  for (let at = 0; at < bytes.length; at += maxArguments) {
    text += fromCharCodes(bytes.subarray(at, at + maxArguments));
  }
  return text;
}

/** Reads UTF-8; `undefined` where it is malformed. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  for (let at = 0; at < bytes.length; at++) if ((bytes[at] as number) >= 0x80) return decodeWith(utf8, bytes);
  return decodeLatin1(bytes);
}

/** Reads UTF-16 in network order (BMPString); `undefined` where it is malformed. */
export function decodeUtf16(bytes: Uint8Array): string | undefined {
  if (bytes.length % 2 !== 0) return undefined;
  let text = "";
  for (let at = 0; at < bytes.length; at += 2) {
    text += String.fromCharCode(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
  }
  return text.isWellFormed() ? text : undefined;
}

/** Reads UTF-32 in network order (UniversalString); `undefined` where it is malformed. */
export function decodeUtf32(bytes: Uint8Array): string | undefined {
  if (bytes.length % 4 !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = "";
  for (let at = 0; at < bytes.length; at += 4) {
    const codePoint = view.getUint32(at);
    if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint < 0xe000)) return undefined;
    text += String.fromCodePoint(codePoint);
  }
  return text;
}

/** Four times as fast as spreading the bytes into arguments. */
function fromCharCodes(bytes: Uint8Array): string {
  return Reflect.apply(String.fromCharCode, undefined, bytes);
}

function decodeWith(decoder: TextDecoder, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
// Far under the number of arguments that any engine takes.
const maxArguments = 4096;
