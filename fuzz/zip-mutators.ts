/**
 * Mutations of the fields in the headers of a ZIP archive (APPNOTE 4.3.7, 4.3.12, 4.3.16).
 *
 * @module
 */

import type { Mutator } from "./mutator.ts";
import type { Random } from "./random.ts";

export const zipMutators: readonly Mutator[] = [setField, changeField];

function setField(bytes: Uint8Array, random: Random): Uint8Array {
  return atField(bytes, random, (view, at, size) => {
    const value = random.pick([
      0,
      1,
      8,
      9,
      0x2d,
      0x7fff,
      0x7fffffff,
      0xffff,
      0xfffffffe,
      0xffffffff,
      bytes.length,
    ]);
    write(view, at, size, value);
  });
}

function changeField(bytes: Uint8Array, random: Random): Uint8Array {
  return atField(bytes, random, (view, at, size) => {
    const value = size === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
    write(view, at, size, value + random.pick([-46, -30, -22, -2, -1, 1, 2, 22, 30, 46, 1000]));
  });
}

function atField(
  bytes: Uint8Array,
  random: Random,
  change: (view: DataView, at: number, size: 2 | 4) => void,
): Uint8Array {
  const copy = bytes.slice();
  const header = random.pick(headers(copy));
  if (header === undefined) return copy;
  const [offset, size] = random.pick(header.fields);
  if (header.start + offset + size > copy.length) return copy;
  change(new DataView(copy.buffer), header.start + offset, size);
  return copy;
}

interface Header {
  readonly start: number;
  readonly fields: readonly (readonly [offset: number, size: 2 | 4])[];
}

function headers(bytes: Uint8Array): readonly Header[] {
  const found: Header[] = [];
  for (let at = 0; at + 4 <= bytes.length; at++) {
    if (bytes[at] !== 0x50 || bytes[at + 1] !== 0x4b) continue;
    const fields = fieldsBySignature.get(((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
    if (fields !== undefined) found.push({ start: at, fields });
  }
  return found;
}

function write(view: DataView, at: number, size: 2 | 4, value: number): void {
  if (size === 2) view.setUint16(at, value, true);
  else view.setUint32(at, value, true);
}

const fieldsBySignature: ReadonlyMap<number, Header["fields"]> = new Map([
  // Local file header: version, flags, method, CRC, sizes, lengths of name and extra field.
  [
    0x0304,
    [
      [4, 2],
      [6, 2],
      [8, 2],
      [14, 4],
      [18, 4],
      [22, 4],
      [26, 2],
      [28, 2],
    ],
  ],
  // Central directory header: the same, comment, disk, attributes, offset of the local header.
  [
    0x0102,
    [
      [6, 2],
      [8, 2],
      [10, 2],
      [16, 4],
      [20, 4],
      [24, 4],
      [28, 2],
      [30, 2],
      [32, 2],
      [34, 2],
      [42, 4],
    ],
  ],
  // End of central directory: disks, counts, size, offset, length of the comment.
  [
    0x0506,
    [
      [4, 2],
      [6, 2],
      [8, 2],
      [10, 2],
      [12, 4],
      [16, 4],
      [20, 2],
    ],
  ],
]);
