/**
 * Writes a SubjectPublicKeyInfo that names its curve, RFC 5480 section 2.
 *
 * @module
 */

import { idEcPublicKey } from "../der/oids.ts";
import { Tag } from "../der/tag.ts";

/** The key that is `point` on the curve of this OID. */
export function encodeEcPublicKey(curve: string, point: Uint8Array): Uint8Array {
  const algorithm = element(Tag.SEQUENCE, [...objectIdentifier(idEcPublicKey), ...objectIdentifier(curve)]);
  const key = element(Tag.BIT_STRING, [0, ...point]);
  return Uint8Array.from(element(Tag.SEQUENCE, [...algorithm, ...key]));
}

function objectIdentifier(dotted: string): readonly number[] {
  const [first = 0, second = 0, ...arcs] = dotted.split(".").map(Number);
  return element(Tag.OBJECT_IDENTIFIER, [40 * first + second, ...arcs.flatMap(base128)]);
}

/** X.690, 8.19.2: seven bits an octet, the first bit set in all but the last. */
function base128(arc: number): readonly number[] {
  const octets = [arc & 0x7f];
  for (let rest = arc >> 7; rest > 0; rest >>= 7) octets.unshift(0x80 | (rest & 0x7f));
  return octets;
}

/** A key on the longest curve takes 158 octets: one for the length is enough, or two. */
function element(tag: number, content: readonly number[]): readonly number[] {
  return content.length < 0x80 ? [tag, content.length, ...content] : [tag, 0x81, content.length, ...content];
}
