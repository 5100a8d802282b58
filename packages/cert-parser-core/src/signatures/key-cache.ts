/**
 * Keys kept ready: one CSCA key signs several certificates, its CRLs and the signer of a list.
 *
 * @module
 */

import { decodeLatin1 } from "../bytes/text.ts";

/** The key of this kind and these bytes; made only when it is not there. */
export type KeyCache<Key> = (kind: string, bytes: Uint8Array, make: () => Key) => Key;

/** Begins empty; over `maxKeys`, the key that was made first makes room. */
export function createKeyCache<Key>(maxKeys: number): KeyCache<Key> {
  const keys = new Map<string, Key>();
  return (kind, bytes, make) => {
    const name = `${kind} ${decodeLatin1(bytes)}`;
    const known = keys.get(name);
    if (known !== undefined) return known;
    const key = make();
    keys.set(name, key);
    for (const oldest of keys.keys()) {
      if (keys.size <= maxKeys) break;
      keys.delete(oldest);
    }
    return key;
  };
}
