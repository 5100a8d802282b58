/**
 * The engine on `node:crypto`, which Deno and Bun have too, with less in it.
 *
 * Deno and Bun know neither the brainpool curves nor P-192, and Deno no RSA without padding: whatever a runtime does not
 * get right with known answers, and whatever it throws at, the portable engine does.
 *
 * @module
 */

import { constants, createPublicKey, hash, type KeyObject, publicDecrypt, verify } from "node:crypto";
import { equalBytes } from "../bytes/compare.ts";
import type { EllipticCurve } from "../x509/ec-curves.ts";
import { encodeEcPublicKey } from "../x509/public-key-info.ts";
import { createCapabilities } from "./capabilities.ts";
import { isCompressed } from "./curve-point.ts";
import { createKeyCache, type KeyCache } from "./key-cache.ts";
import { knownData, knownRsaKey, knownRsaSignature, knownSignature } from "./known-answers.ts";
import { createPortableEngine } from "./portable-engine.ts";
import type { EcKey, RsaKey, SignatureDigest, SignatureEngine, SignatureValue } from "./signature-engine.ts";

/** How many keys an engine holds on to. */
export interface NodeEngineOptions {
  /** Keys that are kept ready for the next signature, the latest ones; 1024 by default. */
  readonly maxKeys?: number;
}

/** Makes an engine on `node:crypto`. */
export function createNodeEngine({ maxKeys = 1024 }: NodeEngineOptions = {}): SignatureEngine {
  const portable = createPortableEngine();
  const keys = createKeyCache<KeyObject>(maxKeys);
  const can = createCapabilities();

  const digest: SignatureEngine["digest"] = (name, data) =>
    can(name, () => equalBytes(digestByNode(name, knownData), portable.digest(name, knownData)))
      ? digestByNode(name, data)
      : portable.digest(name, data);

  const refusesBad = (curve: EllipticCurve) =>
    can(`${curve.name} refuses`, () => {
      const { key, bad } = knownSignature({ digest }, curve, "SHA-256", false);
      return !ecdsaByNode(keys, key, "SHA-256", knownData, bad);
    });
  const acceptsGood = ({ curve, point }: EcKey, name: SignatureDigest) =>
    can(`${curve.name} accepts ${name} ${isCompressed(point)}`, () => {
      const { key, good } = knownSignature({ digest }, curve, name, isCompressed(point));
      return ecdsaByNode(keys, key, name, knownData, good);
    });

  return {
    digest,
    rsavp1(key, signature) {
      if (!can("rsavp1", () => isRsavp1Right(keys, portable))) return portable.rsavp1(key, signature);
      return attempt(() => rsavp1ByNode(keys, key, signature)) ?? portable.rsavp1(key, signature);
    },
    // OpenSSL and BoringSSL build the encoded message and compare it too; neither knows the form without NULL.
    pkcs1(key, name, data, signature) {
      const refusesBad = () => !pkcs1ByNode(keys, knownRsaKey, name, knownData, knownRsaSignature);
      if (!can(`PKCS1 ${name} refuses`, refusesBad)) return false;
      return attempt(() => pkcs1ByNode(keys, key, name, data, signature)) === true;
    },
    ecdsa(key, name, data, signature) {
      const answer = attempt(() => ecdsaByNode(keys, key, name, data, signature));
      // A probe takes as long as a signature: one that was found good asks for less than one that was not.
      const isSure = answer === true ? refusesBad(key.curve) : answer === false && acceptsGood(key, name);
      return isSure ? answer === true : portable.ecdsa(key, name, data, signature);
    },
  };
}

function digestByNode(name: SignatureDigest, data: Uint8Array): Uint8Array {
  return hash(nodeNames[name], data, "buffer");
}

function rsaKey(keys: KeyCache<KeyObject>, { der }: RsaKey): KeyObject {
  return keys("RSA", der, () => createPublicKey({ key: asBuffer(der), format: "der", type: "pkcs1" }));
}

function rsavp1ByNode(keys: KeyCache<KeyObject>, key: RsaKey, signature: Uint8Array): Uint8Array {
  return publicDecrypt({ key: rsaKey(keys, key), padding: constants.RSA_NO_PADDING }, signature);
}

function pkcs1ByNode(
  keys: KeyCache<KeyObject>,
  key: RsaKey,
  name: SignatureDigest,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  return verify(nodeNames[name], data, rsaKey(keys, key), signature);
}

function isRsavp1Right(keys: KeyCache<KeyObject>, portable: SignatureEngine): boolean {
  return equalBytes(
    rsavp1ByNode(keys, knownRsaKey, knownRsaSignature),
    portable.rsavp1(knownRsaKey, knownRsaSignature),
  );
}

function ecdsaByNode(
  keys: KeyCache<KeyObject>,
  { curve, point }: EcKey,
  name: SignatureDigest,
  data: Uint8Array,
  { der }: SignatureValue,
): boolean {
  // By the name of the curve: Deno and Bun read no explicit parameters.
  const key = keys(curve.name, point, () =>
    createPublicKey({ key: asBuffer(encodeEcPublicKey(curve.oid, point)), format: "der", type: "spki" }),
  );
  return verify(nodeNames[name], data, key, der);
}

/** What a runtime throws at is left to the portable engine, which has the last word on it. */
function attempt<T>(operation: () => T): T | undefined {
  try {
    return operation();
  } catch {
    return undefined;
  }
}

/** The same bytes: the declarations of `node:crypto` ask for a Buffer. */
function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

const nodeNames: Readonly<Record<SignatureDigest, string>> = {
  "SHA-1": "sha1",
  "SHA-224": "sha224",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};
