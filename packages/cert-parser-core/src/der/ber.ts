/**
 * Walks BER, which CMS allows around its DER content: indefinite and long lengths, strings in pieces. X.690 section 8.
 *
 * @module
 */

import { CertParserError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Element } from "./reader.ts";
import { nameTag, Tag } from "./tag.ts";

/** One BER element. `contentEnd` is before `end` where two end-of-contents octets close it. */
export interface BerElement extends Element {
  readonly contentEnd: number;
}

/** Reads BER elements of one input, each of which counts against the limits. */
export interface BerReader {
  readonly input: Uint8Array;
  readonly limits: Limits;
  /** Reads the element at `start`, which must end by `limit`. */
  read(start: number, limit: number): BerElement;
  /** Reads the element at `start`, which must have this tag. */
  expect(start: number, limit: number, tag: number, path: string): BerElement;
  /** Reads the elements inside a constructed one. Throws at the first over `most`: each takes 50 times its two bytes. */
  children(parent: BerElement, most: number, path: string): readonly BerElement[];
  /** The octets of an OCTET STRING: a view where it is primitive, a copy where it is in pieces. */
  octets(element: BerElement, path: string): Uint8Array;
  /** Where the first form stood that DER does not allow; undefined where all of it is DER. */
  firstDeviation(): number | undefined;
}

/** Makes a reader for one input. */
export function createBerReader(input: Uint8Array, limits: Limits): BerReader {
  // Where indefinite elements end: found once, or nesting them would cost the square of the input.
  const knownEnds = new Map<number, number>();
  let elements = 0;
  let deviation: number | undefined;

  const noteDeviation = (at: number) => {
    deviation = Math.min(deviation ?? at, at);
  };

  const read = (start: number, limit: number, depth = 0): BerElement => {
    if (++elements > limits.maxElements) throw exceeded(`over ${limits.maxElements} elements`, start);
    if (depth > limits.maxDepth) throw exceeded(`elements nest over ${limits.maxDepth} deep`, start);
    if (start + 2 > limit) throw truncated(input, start, limit);
    const tag = input[start] as number;
    const lengthStart = endOfIdentifier(input, start, limit);
    if (input[lengthStart] === 0x80) return readIndefinite(tag, start, lengthStart + 1, limit, depth);

    const { length, contentStart, shortest } = readBerLength(input, start, lengthStart, limit);
    if (!shortest) noteDeviation(start);
    const end = contentStart + length;
    if (end > limit) throw truncated(input, start, limit, end);
    return { tag, start, contentStart, contentEnd: end, end };
  };

  const readIndefinite = (
    tag: number,
    start: number,
    contentStart: number,
    limit: number,
    depth: number,
  ): BerElement => {
    if ((tag & 0x20) === 0) {
      throw new CertParserError("DER_SYNTAX", "a primitive element has an indefinite length", {
        offset: start,
      });
    }
    noteDeviation(start);
    let contentEnd = knownEnds.get(start);
    if (contentEnd === undefined) {
      contentEnd = contentStart;
      while (!isEndOfContents(input, contentEnd, limit)) contentEnd = read(contentEnd, limit, depth + 1).end;
      knownEnds.set(start, contentEnd);
    }
    return { tag, start, contentStart, contentEnd, end: contentEnd + 2 };
  };

  const children = (parent: BerElement, most: number, path: string): BerElement[] => {
    const found: BerElement[] = [];
    for (let at = parent.contentStart; at < parent.contentEnd; ) {
      if (found.length === most) throw exceeded(`${path} has over ${most} elements`, at, path);
      const child = read(at, parent.contentEnd);
      found.push(child);
      at = child.end;
    }
    return found;
  };

  const visitPieces = (element: BerElement, path: string, depth: number, visit: PieceVisitor): void => {
    if (depth > limits.maxDepth) throw exceeded(`elements nest over ${limits.maxDepth} deep`, element.start);
    if (element.tag === Tag.OCTET_STRING) {
      visit(element.contentStart, element.contentEnd);
      return;
    }
    if (element.tag !== constructedOctetString) throw wrongTag(element, Tag.OCTET_STRING, path);
    noteDeviation(element.start);
    for (let at = element.contentStart; at < element.contentEnd; ) {
      const piece = read(at, element.contentEnd);
      visitPieces(piece, path, depth + 1, visit);
      at = piece.end;
    }
  };

  return {
    input,
    limits,
    read: (start, limit) => read(start, limit),
    expect(start, limit, tag, path) {
      if (start >= limit) {
        throw new CertParserError("DER_SYNTAX", `${path} is missing, expected ${nameTag(tag)}`, {
          offset: start,
          path,
        });
      }
      const element = read(start, limit);
      if (element.tag !== tag) throw wrongTag(element, tag, path);
      return element;
    },
    children,
    octets(element, path) {
      if (element.tag === Tag.OCTET_STRING) return input.subarray(element.contentStart, element.contentEnd);
      // In two passes: what is kept of a piece, if only where it is, takes a hundred times the two bytes of an empty one.
      let length = 0;
      visitPieces(element, path, 0, (start, end) => {
        length += end - start;
      });
      const octets = new Uint8Array(length);
      // They were counted once.
      const counted = elements;
      elements = 0;
      let at = 0;
      visitPieces(element, path, 0, (start, end) => {
        copyPiece(input, start, end, octets, at);
        at += end - start;
      });
      elements = counted;
      return octets;
    },
    firstDeviation: () => deviation,
  };
}

/**
 * Where the length begins. CMS itself has no tag numbers over 30, but the values of its attributes may: they are framed,
 * and `tag` is their first octet alone, which no type that is read here has.
 */
function endOfIdentifier(input: Uint8Array, start: number, limit: number): number {
  if (((input[start] as number) & 0x1f) !== 0x1f) return start + 1;
  for (let at = start + 1; at + 1 < limit && at <= start + maxTagNumberOctets; at++) {
    if ((input[at] as number) < 0x80) return at + 1;
  }
  throw new CertParserError("DER_SYNTAX", "tag number does not end", { offset: start });
}

interface BerLength {
  readonly length: number;
  readonly contentStart: number;
  readonly shortest: boolean;
}

function readBerLength(input: Uint8Array, start: number, lengthStart: number, limit: number): BerLength {
  const first = input[lengthStart] as number;
  if (first < 0x80) return { length: first, contentStart: lengthStart + 1, shortest: true };
  const contentStart = lengthStart + 1 + (first & 0x7f);
  if (contentStart > limit) throw truncated(input, start, limit, contentStart);
  let length = 0;
  for (let at = lengthStart + 1; at < contentStart; at++) {
    length = length * 256 + (input[at] as number);
    if (length > 0xffff_ffff) {
      throw new CertParserError("DER_LENGTH", "length is over 4 GiB", { offset: start });
    }
  }
  const shortest = length >= 0x80 && length >= 256 ** ((first & 0x7f) - 1);
  return { length, contentStart, shortest };
}

function isEndOfContents(input: Uint8Array, at: number, limit: number): boolean {
  return at + 2 <= limit && input[at] === 0 && input[at + 1] === 0;
}

/** Told where a piece of a string is. */
type PieceVisitor = (contentStart: number, contentEnd: number) => void;

function copyPiece(input: Uint8Array, start: number, end: number, into: Uint8Array, at: number): void {
  // A view takes longer to make than a few octets to copy.
  if (end - start > 32) into.set(input.subarray(start, end), at);
  else for (let from = start, to = at; from < end; from++, to++) into[to] = input[from] as number;
}

function truncated(input: Uint8Array, offset: number, limit: number, end?: number): CertParserError {
  const claim = end === undefined ? "more than there is" : `to end at byte ${end}`;
  const message =
    limit === input.length
      ? `input ends at byte ${limit}, but an element claims ${claim}`
      : `element claims ${claim}, past the end of its parent at ${limit}`;
  return new CertParserError("DER_TRUNCATED", message, { offset });
}

function wrongTag(element: Element, tag: number, path: string): CertParserError {
  return new CertParserError("DER_SYNTAX", `${path} is ${nameTag(element.tag)}, expected ${nameTag(tag)}`, {
    offset: element.start,
    path,
  });
}

function exceeded(message: string, offset: number, path?: string): CertParserError {
  return new CertParserError("LIMIT_EXCEEDED", message, path === undefined ? { offset } : { offset, path });
}

const constructedOctetString = Tag.OCTET_STRING | 0x20;
// Four septets: no module known has a tag number near 2^28.
const maxTagNumberOctets = 4;
