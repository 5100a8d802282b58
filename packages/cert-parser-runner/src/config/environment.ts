/**
 * Where settings come from: the process environment, with the `.env` of the working directory beneath it.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { parseEnv } from "node:util";
import { canonicalName } from "./setting-spellings.ts";

/** Names and values, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the process environment and, beneath it, the file `.env` in `directory`.
 *
 * What the process has wins, however it is spelled: `AUTH__URL` or `AUTH_URL_FILE` of the process puts aside `AUTH_URL`
 * of the file, and an empty value unsets it.
 *
 * @throws Error when there is a `.env` that cannot be read.
 */
export function readEnvironment(directory: string, inherited: Environment = process.env): Environment {
  const present = new Set(
    Object.entries(inherited)
      .filter(([, value]) => value !== undefined)
      .map(([name]) => canonicalName(name)),
  );
  const fromFile = Object.entries(readDotEnv(join(directory, ".env")));
  const beneath = fromFile.filter(([name]) => !present.has(canonicalName(name)));
  return { ...Object.fromEntries(beneath), ...inherited };
}

function readDotEnv(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, "utf8"));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    // A directory of that name is somebody's Python environment.
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return {};
    throw new Error(`${path} cannot be read: ${code ?? String(cause)}`, { cause });
  }
}
