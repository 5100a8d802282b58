/**
 * RSASSA-PSS, RFC 8017 section 8.1.2, with the parameters of RFC 4055.
 *
 * @module
 */

import { equalBytes } from "../bytes/compare.ts";
import { idRsassaPss } from "../der/oids.ts";
import type { AlgorithmIdentifier } from "../x509/algorithm-identifier.ts";
import { type PssParameters, parsePssParameters } from "../x509/pss-parameters.ts";
import { refuseOutOfRange } from "./rsa-key.ts";
import type { RsaKey, SignatureDigest, SignatureEngine } from "./signature-engine.ts";
import { isSignatureDigest } from "./signature-hash.ts";
import { accepted, invalid, type Refusal, unsupported, type Verdict } from "./verdict.ts";

/** Parameters that can be verified with. */
export interface PssOptions {
  readonly hash: SignatureDigest;
  readonly maskGenHash: SignatureDigest;
  readonly saltLength: number;
}

/** Tells what the signature is to be verified with; the parameters of its key, where it has any, bind it. */
export function readPssOptions(
  parameters: PssParameters | undefined,
  keyAlgorithm: AlgorithmIdentifier,
): PssOptions | Refusal {
  if (parameters === undefined) return unsupported("the parameters of RSASSA-PSS are absent or unreadable");
  const { hash, maskGenHash, saltLength, trailerField } = parameters;
  if (!isSignatureDigest(hash) || !isSignatureDigest(maskGenHash)) {
    return unsupported("RSASSA-PSS is with a digest or a mask generation function that is not verified here");
  }
  if (trailerField !== 1 || saltLength < 0) {
    return unsupported("RSASSA-PSS has a trailerField other than 1, or a negative saltLength");
  }
  if (!isAllowedBy(keyAlgorithm, parameters)) {
    return invalid("the signature is made with other parameters than its RSASSA-PSS key allows");
  }
  return { hash, maskGenHash, saltLength };
}

/** Verifies a signature over `data`. */
export function verifyPss(
  engine: SignatureEngine,
  key: RsaKey,
  options: PssOptions,
  data: Uint8Array,
  signature: Uint8Array,
): Verdict {
  const refusal = refuseOutOfRange(key, signature);
  if (refusal !== undefined) return refusal;
  const found = engine.rsavp1(key, signature);
  const digest = engine.digest(options.hash, data);
  return isEncodedMessage(engine, found, key.size - 1, digest, options)
    ? accepted()
    : invalid("the signature is not that of this key over this data");
}

/** RFC 4055, 3.3: the same algorithms, and a salt no shorter than the key's parameters say. */
function isAllowedBy({ algorithm, parameters }: AlgorithmIdentifier, used: PssParameters): boolean {
  if (algorithm !== idRsassaPss || parameters === undefined) return true;
  const allowed = parsePssParameters(parameters, []);
  return (
    allowed.hash === used.hash &&
    allowed.maskGenHash === used.maskGenHash &&
    allowed.trailerField === used.trailerField &&
    allowed.saltLength <= used.saltLength
  );
}

/** EMSA-PSS-VERIFY, RFC 8017, 9.1.2, on a message representative whose octets may be one more than it takes. */
function isEncodedMessage(
  engine: SignatureEngine,
  representative: Uint8Array,
  bits: number,
  digest: Uint8Array,
  { hash, maskGenHash, saltLength }: PssOptions,
): boolean {
  const length = Math.ceil(bits / 8);
  const message = representative.subarray(representative.length - length);
  if (message.length < representative.length && representative[0] !== 0) return false;
  const dbLength = length - digest.length - 1;
  const saltStart = dbLength - saltLength;
  if (saltStart < 1 || message[length - 1] !== trailer) return false;

  const unusedMask = 0xff >> (8 * length - bits);
  if (((message[0] as number) & ~unusedMask) !== 0) return false;
  const h = message.subarray(dbLength, length - 1);
  const db = maskGeneration(engine, maskGenHash, h, dbLength);
  for (let at = 0; at < dbLength; at++) db[at] = (db[at] as number) ^ (message[at] as number);
  db[0] = (db[0] as number) & unusedMask;
  for (let at = 0; at < saltStart - 1; at++) if (db[at] !== 0) return false;
  if (db[saltStart - 1] !== 1) return false;

  const salted = new Uint8Array(8 + digest.length + saltLength);
  salted.set(digest, 8);
  salted.set(db.subarray(saltStart), 8 + digest.length);
  return equalBytes(engine.digest(hash, salted), h);
}

/** MGF1, RFC 8017, B.2.1. */
function maskGeneration(
  engine: SignatureEngine,
  hash: SignatureDigest,
  seed: Uint8Array,
  length: number,
): Uint8Array {
  const mask = new Uint8Array(length);
  const counted = new Uint8Array(seed.length + 4);
  counted.set(seed);
  const counter = new DataView(counted.buffer, seed.length);
  for (let at = 0, count = 0; at < length; count++) {
    counter.setUint32(0, count);
    const digest = engine.digest(hash, counted);
    mask.set(digest.subarray(0, length - at), at);
    at += digest.length;
  }
  return mask;
}

const trailer = 0xbc;
