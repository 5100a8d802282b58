/**
 * Finds the elements of DER that may be damaged already, in strings as well, and replaces some of them.
 *
 * @module
 */

import { concat } from "./mutator.ts";

/** One element, and the one that it stands in. */
export interface Found {
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
  readonly parent: Found | undefined;
}

/** All elements, parents before what is in them. Stops at what is none. */
export function findElements(bytes: Uint8Array): readonly Found[] {
  const found: Found[] = [];
  const open: (readonly [start: number, end: number, parent: Found | undefined])[] = [
    [0, bytes.length, undefined],
  ];
  for (let range = open.pop(); range !== undefined && found.length < mostElements; range = open.pop()) {
    const [start, end, parent] = range;
    for (const element of elementsBetween(bytes, start, end, parent)) {
      found.push(element);
      const inside = innerStart(bytes, element);
      if (inside !== undefined) open.push([inside, element.end, element]);
    }
  }
  return found;
}

/** Puts other bytes in the place of an element, and mends the lengths of all that it stands in. */
export function replaceElement(
  bytes: Uint8Array,
  element: Found,
  ...parts: readonly Uint8Array[]
): Uint8Array {
  let replaced = concat(parts);
  let { start, end, parent } = element;
  while (parent !== undefined) {
    const content = concat([
      bytes.subarray(parent.contentStart, start),
      replaced,
      bytes.subarray(end, parent.end),
    ]);
    replaced = encode(bytes[parent.start] ?? 0x30, content);
    ({ start, end, parent } = parent);
  }
  return concat([bytes.subarray(0, start), replaced, bytes.subarray(end)]);
}

/** One element in DER. */
export function encode(tag: number, content: Uint8Array): Uint8Array {
  return concat([Uint8Array.of(tag, ...lengthOctets(content.length)), content]);
}

/** A length in its shortest form, or in the long form with this many octets. */
export function lengthOctets(length: number, octets?: number): readonly number[] {
  if (octets === undefined && length < 0x80) return [length];
  const count = octets ?? Math.ceil((32 - Math.clz32(length)) / 8);
  return [0x80 | count, ...Array.from({ length: count }, (_, at) => octetOf(length, count - 1 - at))];
}

function octetOf(value: number, place: number): number {
  return place > 3 ? 0 : (value >>> (8 * place)) & 0xff;
}

function* elementsBetween(
  bytes: Uint8Array,
  start: number,
  end: number,
  parent: Found | undefined,
): Generator<Found> {
  for (let at = start; at + 2 <= end; ) {
    const first = bytes[at + 1] ?? 0;
    const octets = first < 0x80 ? 0 : first & 0x7f;
    if (first === 0x80 || octets > 4) return;
    let length = first;
    if (octets > 0)
      length = bytes.subarray(at + 2, at + 2 + octets).reduce((sum, octet) => sum * 256 + octet, 0);
    const contentStart = at + 2 + octets;
    if (contentStart + length > end) return;
    yield { start: at, contentStart, end: contentStart + length, parent };
    at = contentStart + length;
  }
}

/** Where elements begin inside an element: it is constructed, or a string that holds a SEQUENCE. */
function innerStart(bytes: Uint8Array, { start, contentStart, end }: Found): number | undefined {
  const tag = bytes[start] ?? 0;
  if ((tag & 0x20) !== 0) return contentStart;
  if (tag === 0x04 && end - contentStart >= 2 && bytes[contentStart] === 0x30) return contentStart;
  if (tag === 0x03 && end - contentStart >= 3 && bytes[contentStart + 1] === 0x30) return contentStart + 1;
  return undefined;
}

// Inputs are cut down to a few certificates of some hundred elements each.
const mostElements = 5000;
