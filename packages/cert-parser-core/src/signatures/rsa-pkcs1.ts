/**
 * RSASSA-PKCS1-v1_5, RFC 8017 section 8.2.2.
 *
 * The encoded message is built and compared in full; what stands in the signature is never parsed. A verifier that reads
 * the DigestInfo it finds and does not look at what follows can be deceived without the private key where the exponent is
 * 3 (Bleichenbacher, 2006), and 22 real CSCA certificates have that exponent.
 *
 * @module
 */

import { equalBytes } from "../bytes/compare.ts";
import { fromHex } from "../bytes/hex.ts";
import { refuseOutOfRange } from "./rsa-key.ts";
import type { RsaKey, SignatureDigest, SignatureEngine } from "./signature-engine.ts";
import { accepted, invalid, type Verdict } from "./verdict.ts";

/** Verifies a signature over `data`. */
export function verifyPkcs1(
  engine: SignatureEngine,
  key: RsaKey,
  hash: SignatureDigest,
  data: Uint8Array,
  signature: Uint8Array,
): Verdict {
  const refusal = refuseOutOfRange(key, signature);
  if (refusal !== undefined) return refusal;
  if (engine.pkcs1?.(key, hash, data, signature)) return accepted();
  const found = engine.rsavp1(key, signature);
  const { withNull, withoutNull } = digestInfos[hash];
  const digest = engine.digest(hash, data);
  if (found.length < withNull.length + digest.length + leastOverhead) {
    return invalid(`the modulus is too short for a signature over ${hash}`);
  }
  if (equalBytes(found, encodeMessage(withNull, digest, found.length))) return accepted();
  // RFC 8017, B.1 has NULL there; ICAO's lists of March and September 2023 leave it out, and are right in all else.
  if (equalBytes(found, encodeMessage(withoutNull, digest, found.length))) {
    return accepted("DIGEST_INFO_NULL_ABSENT");
  }
  return invalid("the signature is not that of this key over this data");
}

/** `EM = 0x00 || 0x01 || PS || 0x00 || T`, where PS is of FF: RFC 8017, 9.2. */
function encodeMessage(digestInfo: Uint8Array, digest: Uint8Array, length: number): Uint8Array {
  const message = new Uint8Array(length).fill(0xff);
  const start = length - digestInfo.length - digest.length;
  message[0] = 0x00;
  message[1] = 0x01;
  message[start - 1] = 0x00;
  message.set(digestInfo, start);
  message.set(digest, start + digestInfo.length);
  return message;
}

/** DigestInfo up to the digest: RFC 8017, 9.2, note 1, and the same with the NULL left out. */
interface DigestInfoForms {
  readonly withNull: Uint8Array;
  readonly withoutNull: Uint8Array;
}

function forms(withNull: string, withoutNull: string): DigestInfoForms {
  return { withNull: fromHex(withNull), withoutNull: fromHex(withoutNull) };
}

const digestInfos: Readonly<Record<SignatureDigest, DigestInfoForms>> = {
  "SHA-1": forms("3021300906052b0e03021a05000414", "301f300706052b0e03021a0414"),
  "SHA-224": forms("302d300d06096086480165030402040500041c", "302b300b0609608648016503040204041c"),
  "SHA-256": forms("3031300d060960864801650304020105000420", "302f300b06096086480165030402010420"),
  "SHA-384": forms("3041300d060960864801650304020205000430", "303f300b06096086480165030402020430"),
  "SHA-512": forms("3051300d060960864801650304020305000440", "304f300b06096086480165030402030440"),
};
// Three octets around the padding, and at least eight of it.
const leastOverhead = 11;
