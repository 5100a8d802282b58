/**
 * What the certificates and CRLs of one file have in common: names and algorithms, each of which is read once.
 *
 * @module
 */

import { createElementTable, type ElementTable } from "./element-table.ts";
import { type KnownAlgorithm, knownAlgorithmAt } from "./known-algorithm.ts";
import { keepTexts, type Name, nameAt } from "./name.ts";
import { createNumberSlab, type NumberSlab } from "./number-slab.ts";

/** The tables of one file. */
export interface FileTables {
  readonly names: ElementTable<Name>;
  /** Of signatures and of keys. */
  readonly algorithms: ElementTable<KnownAlgorithm>;
  /** Of what certificates keep as numbers. */
  readonly slab: NumberSlab;
}

/** Makes the tables for one file. */
export function createFileTables(): FileTables {
  return {
    names: createElementTable(nameAt, keepTexts),
    algorithms: createElementTable(knownAlgorithmAt),
    slab: createNumberSlab(),
  };
}
