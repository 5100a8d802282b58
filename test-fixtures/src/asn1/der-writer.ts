/**
 * Writes DER, and on demand what DER forbids: the frames of every fixture.
 *
 * @module
 */

/** Tags of X.680 that certificates, CRLs and CMS use. */
export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  t61String: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One element of definite length, its content being `parts` one after the other. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concat(...parts);
  return concat(Uint8Array.of(tag), definiteLength(content.length), content);
}

/** One constructed element of indefinite length (X.690, 8.1.3.6): BER, never DER. */
export function indefiniteElement(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return concat(Uint8Array.of(tag, 0x80), ...parts, Uint8Array.of(0, 0));
}

/** SEQUENCE or SEQUENCE OF. */
export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return element(Tag.sequence, ...parts);
}

/** SET OF with its elements in DER order (X.690, 11.6). */
export function setOf(parts: readonly Uint8Array[]): Uint8Array {
  return element(Tag.set, ...parts.toSorted(compareDer));
}

/** `[number] EXPLICIT`, or `[number] IMPLICIT` of something constructed. */
export function contextConstructed(number: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return element(0xa0 | number, ...parts);
}

/** `[number] IMPLICIT` of a primitive type. */
export function contextPrimitive(number: number, content: Uint8Array): Uint8Array {
  return element(0x80 | number, content);
}

/** INTEGER: minimal two's complement of a number, or any content octets, right or wrong. */
export function integer(value: bigint | number | Uint8Array): Uint8Array {
  return element(Tag.integer, value instanceof Uint8Array ? value : integerOctets(BigInt(value)));
}

/** BOOLEAN. */
export function boolean(value: boolean): Uint8Array {
  return element(Tag.boolean, Uint8Array.of(value ? 0xff : 0));
}

/** NULL. */
export function nullValue(): Uint8Array {
  return element(Tag.null);
}

/** OCTET STRING. */
export function octetString(content: Uint8Array): Uint8Array {
  return element(Tag.octetString, content);
}

/** BIT STRING with `unusedBits` at its end. */
export function bitString(content: Uint8Array, unusedBits = 0): Uint8Array {
  return element(Tag.bitString, Uint8Array.of(unusedBits), content);
}

/** OBJECT IDENTIFIER from its dotted form. */
export function objectIdentifier(dotted: string): Uint8Array {
  const [first = 0n, second = 0n, ...rest] = dotted.split(".").map(BigInt);
  return element(Tag.objectIdentifier, ...[first * 40n + second, ...rest].map(base128));
}

/** The octets of `parts` in one array. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** Minimal two's complement, most significant octet first. */
export function integerOctets(value: bigint): Uint8Array {
  const octets: number[] = [];
  let rest = value;
  do {
    octets.unshift(Number(rest & 0xffn));
    rest >>= 8n;
  } while (!isSignOf(rest, octets[0] ?? 0));
  return Uint8Array.from(octets);
}

/** Orders encodings as DER orders the elements of a SET OF: as octets, the shorter padded with zeros. */
export function compareDer(left: Uint8Array, right: Uint8Array): number {
  const length = Math.max(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function isSignOf(rest: bigint, firstOctet: number): boolean {
  return (rest === 0n && firstOctet < 0x80) || (rest === -1n && firstOctet >= 0x80);
}

function definiteLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.of(0x80 | octets.length, ...octets);
}

function base128(arc: bigint): Uint8Array {
  const octets = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) octets.unshift(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from(octets);
}
