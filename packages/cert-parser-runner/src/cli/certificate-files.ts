/**
 * Files of certificates that the user names beside the file that a command is about.
 *
 * @module
 */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Bundle, Certificate, RevocationList, TrustAnchor } from "cert-parser-core";
import { readInput, readAnchors as readNamedAnchors } from "../main.ts";
import { misuse } from "./failure.ts";

/**
 * Reads what `--anchor` names: SHA-256 of CSCA certificates, files of them, directories of such files. Throws a misuse that
 * says what is wrong: what was named and is not there must not come to trusting less.
 */
export function readAnchors(named: readonly string[]): readonly TrustAnchor[] {
  return named.flatMap((name) => {
    const read = readNamedAnchors(name);
    if (read.ok) return read.value;
    throw misuse(`--anchor ${read.error}`);
  });
}

/** What `--authorities` names. */
export interface Authorities {
  /** Those of the lists and those by themselves, none of an envelope. */
  readonly certificates: readonly Certificate[];
  readonly crls: readonly RevocationList[];
}

/** Reads what `--authorities` names: files of certificates, CRLs and lists, directories of such files. */
export async function readAuthorities(named: readonly string[]): Promise<Authorities> {
  const bundles: Bundle[] = [];
  for (const name of named) {
    bundles.push(...(await readBundles(name, "--authorities")));
  }
  const objects = bundles.flatMap((bundle) => bundle.objects);
  return {
    certificates: objects.flatMap(({ certificates }) => certificates),
    crls: objects.flatMap(({ crls }) => crls),
  };
}

async function readBundles(path: string, option: string): Promise<readonly Bundle[]> {
  const bundles: Bundle[] = [];
  for (const file of await filesOf(path, option)) {
    const read = await readInput(file, nothing());
    if (!read.ok) throw misuse(`${option} ${file}: ${read.error.message} (${read.error.reason})`);
    bundles.push(read.value);
  }
  return bundles;
}

/** The file, or the files in the directory in the order of their names, without those that are hidden. */
async function filesOf(path: string, option: string): Promise<readonly string[]> {
  if (path === "-") throw misuse(`${option} wants a file: standard input is for the list`);
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [path];
  const names = entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith("."));
  if (names.length === 0) throw misuse(`${option} ${path}: there is no file in the directory`);
  return names.map(({ name }) => join(path, name)).toSorted();
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // Standard input is never asked for here.
}
