/**
 * The committed test keys: read where they are there, made where they are not.
 *
 * @module
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  generateKeyPair,
  type KeyPair,
  type KeySpec,
  matchesKeySpec,
  readKeyPair,
  writeKeyPair,
} from "../crypto/key-pair.ts";

/** Keys in a directory, one `NAME.pem` each. */
export interface KeyRing {
  /** The key of that name; a new one where there is none yet, or where it is of another kind. */
  readonly key: (name: string, spec: KeySpec) => KeyPair;
  /** Removes the keys that nobody asked for. */
  readonly prune: () => void;
}

/** Opens a directory of keys; makes it if need be. */
export function openKeyRing(directory: string): KeyRing {
  mkdirSync(directory, { recursive: true });
  const used = new Map<string, KeyPair>();

  const key = (name: string, spec: KeySpec): KeyPair => {
    const known = used.get(name) ?? readKey(join(directory, `${name}.pem`));
    if (known !== undefined && matchesKeySpec(known, spec)) {
      used.set(name, known);
      return known;
    }
    const made = generateKeyPair(spec);
    writeFileSync(join(directory, `${name}.pem`), `${warning}${writeKeyPair(made)}`);
    used.set(name, made);
    return made;
  };

  const prune = (): void => {
    for (const file of readdirSync(directory)) {
      if (!used.has(file.replace(/\.pem$/, ""))) rmSync(join(directory, file));
    }
  };
  return { key, prune };
}

function readKey(path: string): KeyPair | undefined {
  return existsSync(path) ? readKeyPair(readFileSync(path, "utf8")) : undefined;
}

// Text before the first line of a PEM block is for people (RFC 7468, 2).
const warning = "TEST KEY, published on purpose. Never trust anything that it signed.\n";
