/**
 * The versions of the schema, as SQL files. Once released, one is never edited: its checksum is kept in every store.
 *
 * @module
 */

import { existsSync, readFileSync } from "node:fs";
import { splitStatements } from "./sql-statements.ts";

/** One step of the schema. */
export interface Migration {
  /** 1 for the first, without gaps. */
  readonly version: number;
  readonly name: string;
  /** In order, one statement each. */
  readonly statements: readonly string[];
}

/** The version that this program writes. */
export const currentVersion = 1;

/** The whole schema, version by version. */
export function readMigrations(): readonly Migration[] {
  return [
    {
      version: 1,
      name: "schema",
      statements: ["schema.sql", "predecessor-views.sql"].flatMap(readStatements),
    },
  ];
}

function readStatements(file: string): readonly string[] {
  return splitStatements(readFileSync(schemaFile(file), "utf8"));
}

/** The package's folder `schema`, seen from its sources, from what is built of them, or from one bundled file. */
function schemaFile(file: string): URL {
  const found = ["../..", "..", "../../.."]
    .map((up) => new URL(`${up}/schema/${file}`, import.meta.url))
    .find((url) => existsSync(url));
  if (found === undefined) throw new Error(`schema/${file} is missing from the package`);
  return found;
}
