/**
 * Walks DER one element at a time, without copying and without recursing.
 *
 * @module
 */

import { CertParserError } from "../errors.ts";
import { nameTag } from "./tag.ts";

/** One tag-length-value, as offsets into the bytes it was read from. */
export interface Element {
  readonly tag: number;
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
}

/** An element to be read into again and again, where a loop would leave thousands for the collector. */
export type ReusedElement = { -readonly [Field in keyof Element]: Element[Field] };

/** Makes an element to be read into. */
export function reusedElement(): ReusedElement {
  return { tag: 0, start: 0, contentStart: 0, end: 0 };
}

/**
 * Reads the element that starts at `start` and must end by `limit`, into `into` where that is given. X.690 sections 8.1
 * and 10.1.
 */
export function readElement(
  der: Uint8Array,
  start = 0,
  limit: number = der.length,
  into: ReusedElement = reusedElement(),
): Element {
  if (start + 2 > limit) throw truncated(start);
  const tag = der[start] as number;
  const first = der[start + 1] as number;
  if ((tag & 0x1f) === 0x1f) throw syntax("high tag numbers are not used by X.509 or CMS", start);

  let contentStart = start + 2;
  let length = first;
  if (first >= 0x80) {
    length = readLongLength(der, start, first, limit);
    contentStart += first & 0x7f;
  }

  const end = contentStart + length;
  if (end > limit) throw truncated(start);
  into.tag = tag;
  into.start = start;
  into.contentStart = contentStart;
  into.end = end;
  return into;
}

/** Reads the element at `start`, which must have this tag. `path` names it in the error. */
export function expectElement(
  der: Uint8Array,
  start: number,
  limit: number,
  tag: number,
  path: string,
  into?: ReusedElement,
): Element {
  if (start >= limit) {
    throw new CertParserError("DER_SYNTAX", `${path} is missing, expected ${nameTag(tag)}`, {
      offset: start,
      path,
    });
  }
  const element = readElement(der, start, limit, into);
  if (element.tag !== tag) throw unexpected(element, tag, path);
  return element;
}

/** Throws unless the last element read ends where its parent does. */
export function expectEnd(at: number, end: number, path: string): void {
  if (at !== end) {
    throw new CertParserError("DER_TRAILING_DATA", `${path} is followed by ${end - at} more bytes`, {
      offset: at,
      path,
    });
  }
}

/** A view of the element's tag, length and value. */
export function rawBytes(der: Uint8Array, element: Element): Uint8Array {
  return der.subarray(element.start, element.end);
}

/** A view of the element's value alone. */
export function contentBytes(der: Uint8Array, element: Element): Uint8Array {
  return der.subarray(element.contentStart, element.end);
}

/** Tells whether two elements of one input are the same bytes. */
export function equalElements(der: Uint8Array, a: Element, b: Element): boolean {
  const length = a.end - a.start;
  if (length !== b.end - b.start) return false;
  for (let at = 0; at < length; at++) if (der[a.start + at] !== der[b.start + at]) return false;
  return true;
}

/** The error for an element of another type than the standard puts there. */
export function unexpected(element: Element, tag: number, path: string): CertParserError {
  return new CertParserError("DER_SYNTAX", `${path} is ${nameTag(element.tag)}, expected ${nameTag(tag)}`, {
    offset: element.start,
    path,
  });
}

function readLongLength(der: Uint8Array, start: number, first: number, limit: number): number {
  if (first === 0x80) throw syntax("indefinite length is not DER", start);
  const lengthBytes = first & 0x7f;
  // Four bytes hold lengths of up to 4 GiB, far over any limit on the input.
  if (lengthBytes > 4) {
    throw new CertParserError("DER_LENGTH", `length is ${lengthBytes} bytes long, over 4`, { offset: start });
  }
  if (start + 2 + lengthBytes > limit) throw truncated(start);
  let length = 0;
  for (let at = start + 2; at < start + 2 + lengthBytes; at++) length = length * 256 + (der[at] as number);
  if (length < 0x80 || der[start + 2] === 0) {
    throw new CertParserError("DER_LENGTH", "length is not in its shortest form", { offset: start });
  }
  return length;
}

function truncated(offset: number): CertParserError {
  return new CertParserError("DER_TRUNCATED", "element runs past the end of its parent", { offset });
}

function syntax(message: string, offset: number): CertParserError {
  return new CertParserError("DER_SYNTAX", message, { offset });
}
