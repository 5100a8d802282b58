/**
 * Ed25519 and Ed448, RFC 8032, with the keys of RFC 8410.
 *
 * Doc 9303 does not have them. One implementation serves every engine: others differ on keys of small order.
 *
 * @module
 */

import { ed448 } from "@noble/curves/ed448.js";
import { ed25519 } from "@noble/curves/ed25519.js";
import { accepted, invalid, type Verdict } from "./verdict.ts";

/** Verifies a signature over `data`. */
export function verifyEddsa(
  scheme: "ed25519" | "ed448",
  key: Uint8Array,
  data: Uint8Array,
  signature: Uint8Array,
): Verdict {
  const { curve, keyLength } = curves[scheme];
  if (key.length !== keyLength) return invalid(`the key is ${key.length} octets long, expected ${keyLength}`);
  if (signature.length !== 2 * keyLength) {
    return invalid(`the signature is ${signature.length} octets long, expected ${2 * keyLength}`);
  }
  // By RFC 8032, 5.1.7; the default is ZIP 215, which takes points that are not in their canonical form.
  return curve.verify(signature, data, key, { zip215: false })
    ? accepted()
    : invalid("the signature is not that of this key over this data");
}

const curves = {
  ed25519: { curve: ed25519, keyLength: 32 },
  ed448: { curve: ed448, keyLength: 57 },
} as const;
