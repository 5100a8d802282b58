/**
 * Writes a SubjectPublicKeyInfo, RFC 5280 section 4.1.2.7.
 *
 * @module
 */

import { idEcPublicKey } from "../der/oids.ts";
import { Tag } from "../der/tag.ts";
import { encodeElement, encodeOid } from "../der/writer.ts";

/** The key that is `point` on the curve of this OID, which it names: RFC 5480, 2. */
export function encodeEcPublicKey(curve: string, point: Uint8Array): Uint8Array {
  const algorithm = encodeElement(Tag.SEQUENCE, encodeOid(idEcPublicKey), encodeOid(curve));
  return encodePublicKey(algorithm, point);
}

/** The SubjectPublicKeyInfo of these: an AlgorithmIdentifier, and whole octets. */
export function encodePublicKey(algorithm: Uint8Array, key: Uint8Array): Uint8Array {
  return encodeElement(Tag.SEQUENCE, algorithm, encodeElement(Tag.BIT_STRING, noUnusedBits, key));
}

const noUnusedBits = Uint8Array.of(0);
