/**
 * Elements that stand in a file again and again, each of which is read once: a list of 600 certificates has some 200
 * names and some 40 algorithms.
 *
 * @module
 */

import type { Element } from "../der/reader.ts";

/** Gives the same object for the same bytes. */
export interface ElementTable<T> {
  /** Reads what `element` frames. */
  read(input: Uint8Array, element: Element, path: string): T;
}

/** Makes a table for one file, and one kind of element, which `readElement` reads; `onRepeat` is told of what comes again. */
export function createElementTable<T>(
  readElement: (input: Uint8Array, element: Element, path: string) => T,
  onRepeat: (value: T) => void = ignore,
): ElementTable<T> {
  // One value for each fingerprint: where two share it, the later takes the place, and nothing but time is lost.
  const known = new Map<number, { readonly value: T; readonly input: Uint8Array; readonly start: number }>();
  return {
    read(input, element, path) {
      const key = fingerprint(input, element);
      const entry = known.get(key);
      if (entry !== undefined && isAt(entry.input, entry.start, input, element)) {
        onRepeat(entry.value);
        return entry.value;
      }
      const value = readElement(input, element, path);
      // A directory has a name of its own for each of 30,000 document signers: what comes again is soon known again.
      if (known.size === maxKnown) known.clear();
      known.set(key, { value, input, start: element.start });
      return value;
    },
  };
}

/** The length and the last bytes tell nearly all apart: explicit parameters of a curve are some 300 bytes long. */
function fingerprint(input: Uint8Array, { start, end }: Element): number {
  let hash = end - start;
  for (let at = Math.max(start, end - fingerprintedBytes); at < end; at++)
    hash = (Math.imul(hash, 31) + (input[at] as number)) | 0;
  return hash;
}

/** An element ends where its length says, so that one which begins with the same bytes is the same element. */
function isAt(known: Uint8Array, knownStart: number, input: Uint8Array, { start, end }: Element): boolean {
  const distance = knownStart - start;
  for (let at = start; at < end; at++) if (known[at + distance] !== input[at]) return false;
  return true;
}

const fingerprintedBytes = 48;
// Six times the names of the largest list.
const maxKnown = 2048;

function ignore(): void {
  // Most tables need not know.
}
