/**
 * The lists that are read: the largest real one where the corpus is at hand, otherwise the synthetic one.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { readFixture } from "cert-parser-fixtures";

/** A list with the name that the table shows. */
export interface NamedList {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The largest list of the corpus beside the repository, or the synthetic world list. */
export function largestList(): NamedList {
  const folder = join(import.meta.dirname, "../../shared/corpus/master-lists");
  if (!existsSync(folder)) return { name: "world.ml (synthetic)", bytes: readFixture("world.ml") };
  const files = readdirSync(folder).map((file) => join(folder, file));
  const largest = files.reduce((a, b) => (statSync(a).size >= statSync(b).size ? a : b));
  return { name: basename(largest), bytes: new Uint8Array(readFileSync(largest)) };
}

/** A bare CscaMasterList of `count` certificates that all differ, made from those given. */
export function listOf(certificates: readonly Uint8Array[], count: number): Uint8Array {
  const copies = Array.from({ length: count }, (_, index) => {
    const copy = Uint8Array.from(certificates[index % certificates.length] as Uint8Array);
    // The signature's last bytes tell the copies apart; nothing here verifies it.
    new DataView(copy.buffer).setUint32(copy.length - 4, index);
    return copy;
  });
  return element(0x30, [Uint8Array.of(0x02, 0x01, 0x00), element(0x31, copies)]);
}

function element(tag: number, contents: readonly Uint8Array[]): Uint8Array {
  const length = contents.reduce((total, content) => total + content.length, 0);
  const header = Uint8Array.of(tag, 0x84, length >>> 24, length >>> 16, length >>> 8, length);
  return Uint8Array.from(Buffer.concat([header, ...contents]));
}
