/**
 * The names of one file, each of which is read once: a list of 600 certificates has some 200.
 *
 * @module
 */

import type { Element } from "../der/reader.ts";
import { type Name, nameAt } from "./name.ts";

/** Gives the same object for the same bytes. */
export interface NameTable {
  /** Reads the Name that `element` frames. */
  read(input: Uint8Array, element: Element, path: string): Name;
}

/** Makes a table for one file. */
export function createNameTable(): NameTable {
  // One name for each fingerprint: where two names share it, the later takes the place, and nothing but time is lost.
  const known = new Map<
    number,
    { readonly name: Name; readonly input: Uint8Array; readonly start: number }
  >();
  return {
    read(input, element, path) {
      const key = fingerprint(input, element);
      const entry = known.get(key);
      if (entry !== undefined && isAt(entry.input, entry.start, input, element)) return entry.name;
      const name = nameAt(input, element, path);
      known.set(key, { name, input, start: element.start });
      return name;
    },
  };
}

function fingerprint(input: Uint8Array, { start, end }: Element): number {
  let hash = end - start;
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (input[at] as number)) | 0;
  return hash;
}

/** An element ends where its length says, so that one which begins with the same bytes is the same element. */
function isAt(known: Uint8Array, knownStart: number, input: Uint8Array, { start, end }: Element): boolean {
  for (let at = start; at < end; at++) if (known[knownStart + at - start] !== input[at]) return false;
  return true;
}
