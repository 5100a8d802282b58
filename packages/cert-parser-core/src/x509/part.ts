/**
 * Where a certificate or a CRL stood, and how to name it: what a parser is told about the part that it reads.
 *
 * @module
 */

import { portableSha256, type Sha256 } from "../bytes/digest.ts";
import type { FoundIn } from "../findings.ts";
import { createNameTable, type NameTable } from "./name-table.ts";

/** The place of a part in its file. */
export interface Part {
  readonly foundIn: FoundIn;
  /** Position among its kind where it was found, from 0. */
  readonly index: number;
  readonly sha256: Sha256;
  /** The names that the other parts of the file have. */
  readonly names: NameTable;
}

/** The only part of a file that is nothing else. */
export function wholeFile(sha256: Sha256 = portableSha256): Part {
  return { foundIn: "file", index: 0, sha256, names: createNameTable() };
}
