/**
 * The real lists and CRLs that tests run over where they are: beside the repository, never in it.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const corpus = fileURLToPath(new URL("../../../../shared/corpus/", import.meta.url));

/** For the `skip` of a test: a reason where the corpus is absent, else false. */
export const corpusAbsent: string | false = existsSync(corpus)
  ? false
  : "the corpus of real lists is not beside the repository";

/** The bytes of one file, by its path in the corpus. */
export function readCorpus(path: string): Uint8Array {
  return new Uint8Array(readFileSync(corpus + path));
}

/** Names of the files in a folder, sorted; none where the corpus is absent. */
export function corpusFiles(folder: string): readonly string[] {
  if (corpusAbsent !== false) return [];
  return readdirSync(corpus + folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
}
