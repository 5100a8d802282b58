/**
 * Mutations of DER that leave the rest of its structure sound, so that they reach the readers of what is deep inside.
 *
 * @module
 */

import { byteMutators } from "./byte-mutators.ts";
import { encode, type Found, findElements, lengthOctets, replaceElement } from "./der-elements.ts";
import { concat, type Mutator, splice } from "./mutator.ts";
import type { Random } from "./random.ts";

/** What becomes of one element, as the parts that stand in its place. */
type Change = (element: Uint8Array, content: Uint8Array, random: Random) => readonly Uint8Array[];

export const derMutators: readonly Mutator[] = [
  ...[retag, relength, mislength, indefinite, inPieces, remove, repeat, nest, empty, refill, addTail].map(
    toMutator,
  ),
  swapSiblings,
  transplant,
  misstateLength,
  // As often as all others together: most of what is read is in strings, names, times and numbers.
  ...new Array<Mutator>(14).fill(changeContent),
];

function toMutator(change: Change): Mutator {
  return (bytes, random) => {
    const element = random.pick(findElements(bytes));
    if (element === undefined) return bytes;
    const whole = bytes.subarray(element.start, element.end);
    const content = bytes.subarray(element.contentStart, element.end);
    return replaceElement(bytes, element, ...change(whole, content, random));
  };
}

function retag(element: Uint8Array, _content: Uint8Array, random: Random): readonly Uint8Array[] {
  const tag = random.oneIn(4) ? random.below(256) : random.pick(tags);
  return [Uint8Array.of(tag), element.subarray(1)];
}

/** The same length in more octets than it needs. */
function relength(element: Uint8Array, content: Uint8Array, random: Random): readonly Uint8Array[] {
  return [Uint8Array.of(tagOf(element), ...lengthOctets(content.length, 1 + random.below(8))), content];
}

/** A length that is a little off, while those around it are right. */
function mislength(element: Uint8Array, content: Uint8Array, random: Random): readonly Uint8Array[] {
  const length = Math.max(0, content.length + random.pick([-2, -1, 1, 2, 127, 128]));
  return [Uint8Array.of(tagOf(element), ...lengthOctets(length)), content];
}

function indefinite(element: Uint8Array, content: Uint8Array, random: Random): readonly Uint8Array[] {
  const tag = tagOf(element) | (random.oneIn(4) ? 0 : 0x20);
  const end = random.oneIn(6) ? new Uint8Array() : Uint8Array.of(0, 0);
  return [Uint8Array.of(tag, 0x80), content, end];
}

/** A string in pieces, in the form that BER has for it. */
function inPieces(element: Uint8Array, content: Uint8Array, random: Random): readonly Uint8Array[] {
  const tag = tagOf(element) & ~0x20;
  const cut = random.below(content.length + 1);
  const pieces = [encode(tag, content.subarray(0, cut)), encode(tag, content.subarray(cut))];
  if (random.oneIn(2)) return [encode(tag | 0x20, concat(pieces))];
  return [Uint8Array.of(tag | 0x20, 0x80), ...pieces, Uint8Array.of(0, 0)];
}

function remove(): readonly Uint8Array[] {
  return [];
}

function repeat(element: Uint8Array, _content: Uint8Array, random: Random): readonly Uint8Array[] {
  const most = element.length < 64 && random.oneIn(8) ? 300 : 3;
  return new Array<Uint8Array>(2 + random.below(most)).fill(element);
}

function nest(element: Uint8Array, _content: Uint8Array, random: Random): readonly Uint8Array[] {
  const depth = random.oneIn(4) ? 1 + random.below(200) : 1;
  const tag = random.pick([0x24, 0x30, 0x31, 0x04, 0xa0, 0xa3]);
  let nested = element;
  for (let level = 0; level < depth; level++) nested = encode(tag, nested);
  return [nested];
}

function empty(element: Uint8Array): readonly Uint8Array[] {
  return [Uint8Array.of(tagOf(element), 0)];
}

function refill(element: Uint8Array, content: Uint8Array, random: Random): readonly Uint8Array[] {
  const length = random.oneIn(2) ? content.length : random.below(64);
  const filled = random.oneIn(2)
    ? random.bytes(length)
    : new Uint8Array(length).fill(random.pick([0, 0x30, 0x7f, 0x80, 0xff]));
  return [encode(tagOf(element), filled)];
}

function addTail(element: Uint8Array, content: Uint8Array, random: Random): readonly Uint8Array[] {
  return [encode(tagOf(element), concat([content, random.bytes(1 + random.below(4))]))];
}

/** A change of the bytes in an element that holds no others, where the elements around it stay sound. */
function changeContent(bytes: Uint8Array, random: Random, donor: Uint8Array): Uint8Array {
  const elements = findElements(bytes);
  const parents = new Set(elements.map(({ parent }) => parent));
  const leaf = random.pick(elements.filter((element) => !parents.has(element)));
  if (leaf === undefined) return bytes;
  const content = random.pick(byteMutators)(bytes.subarray(leaf.contentStart, leaf.end), random, donor);
  return replaceElement(bytes, leaf, encode(bytes[leaf.start] ?? 0x04, content));
}

function swapSiblings(bytes: Uint8Array, random: Random): Uint8Array {
  const elements = findElements(bytes);
  const one = random.pick(elements);
  const other = random.pick(elements.filter((candidate) => candidate.parent === one?.parent));
  if (one === undefined || other === undefined || one === other) return bytes;
  const [a, b] = one.start < other.start ? [one, other] : [other, one];
  const swapped = concat([
    bytes.subarray(b.start, b.end),
    bytes.subarray(a.end, b.start),
    bytes.subarray(a.start, a.end),
  ]);
  return splice(bytes, a.start, b.end, swapped);
}

/** An element of another input in the place of one of this. */
function transplant(bytes: Uint8Array, random: Random, donor: Uint8Array): Uint8Array {
  const from = random.oneIn(2) ? bytes : donor;
  const [place, piece] = [random.pick(findElements(bytes)), random.pick(findElements(from))];
  if (place === undefined || piece === undefined) return bytes;
  return replaceElement(bytes, place, from.subarray(piece.start, piece.end));
}

/** A length that says far too much, and nothing else changed. */
function misstateLength(bytes: Uint8Array, random: Random): Uint8Array {
  const element: Found | undefined = random.pick(findElements(bytes));
  if (element === undefined) return bytes;
  const stated = random.pick([
    [0x80],
    [0x84, 0xff, 0xff, 0xff, 0xff],
    [0x84, 0x7f, 0xff, 0xff, 0xff],
    [0x85, 0, 0, 0, 0, 1],
    [0xff],
  ]);
  return splice(bytes, element.start + 1, element.contentStart, Uint8Array.from(stated));
}

function tagOf(element: Uint8Array): number {
  return element[0] ?? 0x30;
}

const tags = [
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1c, 0x1e, 0x1f, 0x24, 0x30,
  0x31, 0x80, 0x81, 0x82, 0x84, 0x86, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4,
];
