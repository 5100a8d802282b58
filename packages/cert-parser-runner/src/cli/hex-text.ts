/**
 * Bytes and big numbers as OpenSSL prints them.
 *
 * @module
 */

/** Hex digits in pairs with colons between, in lines of so many bytes. */
export function hexLines(hex: string, perLine: number): readonly string[] {
  const octets = hex.match(/../g) ?? [];
  const lines: string[] = [];
  for (let at = 0; at < octets.length; at += perLine) {
    const last = at + perLine >= octets.length;
    lines.push(octets.slice(at, at + perLine).join(":") + (last ? "" : ":"));
  }
  return lines;
}

/** `E8:A6:29`, as OpenSSL prints key identifiers. */
export function colonHex(hex: string): string {
  return (hex.match(/../g) ?? []).join(":").toUpperCase();
}

/** The content octets of an INTEGER, below its label where it is long: `1229 (0x4cd)`, ` (Negative)`. */
export function integerLines(label: string, hex: string): readonly string[] {
  const bits = hex.length * 4;
  const value = hex === "" ? 0n : BigInt.asIntN(bits, BigInt(`0x${hex}`));
  const magnitude = value < 0n ? -value : value;
  const sign = value < 0n ? "-" : "";
  if (bits <= 64) return [`${label}: ${value} (${sign}0x${magnitude.toString(16)})`];
  const digits = magnitude.toString(16);
  const pairs = digits.padStart(digits.length + (digits.length % 2), "0");
  const lines = hexLines(pairs, serialBytesPerLine).map((line) => `    ${line}`);
  return [`${label}:${value < 0n ? " (Negative)" : ""}`, ...lines];
}

// OpenSSL has none, but the longest that RFC 5280 allows is 20.
const serialBytesPerLine = 20;
