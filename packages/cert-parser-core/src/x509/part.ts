/**
 * Where a certificate or a CRL stood, and how to name it: what a parser is told about the part that it reads.
 *
 * @module
 */

import { portableSha256, type Sha256 } from "../bytes/digest.ts";
import type { FoundIn, Origin } from "../findings.ts";
import type { Limits } from "../limits.ts";
import { createFileTables, type FileTables } from "./file-tables.ts";

/** The place of a part in its file. */
export interface Part {
  readonly foundIn: FoundIn;
  /** Position among its kind where it was found, from 0. */
  readonly index: number;
  /** The part of the file that it stood in; undefined where the file is nothing else. */
  readonly origin: Origin | undefined;
  readonly limits: Limits;
  readonly sha256: Sha256;
  /** What it shares with the other parts of the file. */
  readonly tables: FileTables;
}

/** The only part of a file that is nothing else. */
export function wholeFile(limits: Limits, sha256: Sha256 = portableSha256): Part {
  return { foundIn: "file", index: 0, origin: undefined, limits, sha256, tables: createFileTables() };
}
