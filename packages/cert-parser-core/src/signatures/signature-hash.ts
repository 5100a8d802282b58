/**
 * Which digest a signature is over.
 *
 * @module
 */

import type { AlgorithmIdentifier } from "../x509/algorithm-identifier.ts";
import { type DigestName, digestName } from "../x509/digest-algorithm.ts";
import type { SignatureAlgorithm } from "../x509/signature-algorithm.ts";
import type { SignatureDigest } from "./signature-engine.ts";

/** Tells whether signatures over this digest are verified here. */
export function isSignatureDigest(name: DigestName | undefined): name is SignatureDigest {
  return name !== undefined && name !== "MD5";
}

/**
 * The digest that the algorithm names. Where it is plain rsaEncryption, as with several signers of lists and of EF.SOD, it
 * is the digestAlgorithm of the SignerInfo: RFC 3370, 3.2.
 */
export function signatureHash(
  { scheme, hash }: SignatureAlgorithm,
  digestAlgorithm: AlgorithmIdentifier | undefined,
): DigestName | undefined {
  if (hash !== undefined || scheme !== "rsa-pkcs1" || digestAlgorithm === undefined) return hash;
  return digestName(digestAlgorithm.algorithm);
}
