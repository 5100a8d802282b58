/**
 * Puts a text together from pieces, in memory that is used again for the next.
 *
 * @module
 */

import { decodeLatin1, decodeUtf8 } from "../bytes/text.ts";

/** Collects one text after another. */
export interface TextCollector {
  push(chunk: Uint8Array, start: number, end: number): void;
  /** How many bytes there are so far. */
  length(): number;
  /** Gives the text, in UTF-8 or else ISO 8859-1, and begins the next. */
  take(): string;
  /** As `take`, of a text that comes again and again: the same bytes give what `make` made of them the first time. */
  takeKnown<T>(known: KnownTexts<T>, make: (text: string) => T): T;
}

/** What was made of texts, by their bytes. */
export type KnownTexts<T> = Map<number, { readonly bytes: Uint8Array; readonly value: T }>;

/** Makes a collector. */
export function createTextCollector(): TextCollector {
  let bytes = new Uint8Array(256);
  let length = 0;
  return {
    push(chunk, start, end) {
      const wanted = length + end - start;
      if (wanted > bytes.length) {
        const larger = new Uint8Array(2 * wanted);
        larger.set(bytes.subarray(0, length));
        bytes = larger;
      }
      bytes.set(chunk.subarray(start, end), length);
      length = wanted;
    },
    length: () => length,
    take() {
      if (length === 0) return "";
      const text = bytes.subarray(0, length);
      length = 0;
      return decodeUtf8(text) ?? decodeLatin1(text);
    },
    takeKnown(known, make) {
      let hash = length;
      for (let at = 0; at < length; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
      const entry = known.get(hash);
      if (entry !== undefined && isStartOf(entry.bytes, bytes, length)) {
        length = 0;
        return entry.value;
      }
      const copy = bytes.slice(0, length);
      const value = make(this.take());
      if (known.size < maxKnown) known.set(hash, { bytes: copy, value });
      return value;
    },
  };
}

function isStartOf(known: Uint8Array, bytes: Uint8Array, length: number): boolean {
  if (known.length !== length) return false;
  for (let at = 0; at < length; at++) if (known[at] !== bytes[at]) return false;
  return true;
}

// Far more than a directory has attributes; a file of ever new ones must not be kept.
const maxKnown = 1000;
