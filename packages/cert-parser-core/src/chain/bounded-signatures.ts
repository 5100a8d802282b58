/**
 * Signatures verified up to a bound, and none of them twice: who writes a list decides how many there are to try.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import { checkSignature, type SignatureCheck, type SignatureInput } from "../signatures/check-signature.ts";
import type { SignatureDigest, SignatureEngine } from "../signatures/signature-engine.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { PublicKey } from "../x509/public-key.ts";

/** What came of a signature; unsupported where it was one more than may be tried. */
export type BoundedCheck = Pick<
  SignatureCheck,
  "outcome" | "leniencies" | "reason" | "scheme" | "hash" | "keySize"
>;

/** Verifies signatures for one verdict. */
export interface BoundedSignatures {
  check(input: SignatureInput): BoundedCheck;
  /** Whether this key signed this certificate; the algorithm outside must be the one inside. */
  checkCertificate(certificate: Certificate, publicKey: PublicKey): BoundedCheck;
  digest(name: SignatureDigest, data: Uint8Array): Uint8Array;
  /** SHA-256 of a SubjectPublicKeyInfo, lower-case hex. */
  keySha256(publicKey: PublicKey): string;
}

/** Begins with no signature tried. */
export function createBoundedSignatures(engine: SignatureEngine, maxSignatures: number): BoundedSignatures {
  const known = new Map<string, BoundedCheck>();
  let tried = 0;

  const check = (input: SignatureInput): BoundedCheck => {
    if (tried === maxSignatures) return exceeded;
    tried++;
    return checkSignature(engine, input);
  };
  const keySha256 = (publicKey: PublicKey): string => toHex(engine.digest("SHA-256", publicKey.der));

  return {
    check,
    checkCertificate(certificate, publicKey) {
      // RFC 5280, 4.1.1.2. Reading compared the two already.
      if (certificate.findings.some(({ code }) => code === "SIGNATURE_ALGORITHM_MISMATCH")) return mismatched;
      const name = `${certificate.sha256} ${keySha256(publicKey)}`;
      const answer = known.get(name) ?? check(signatureOf(certificate, publicKey));
      known.set(name, answer);
      return answer;
    },
    digest: (name, data) => engine.digest(name, data),
    keySha256,
  };
}

function signatureOf(certificate: Certificate, publicKey: PublicKey): SignatureInput {
  return {
    publicKey,
    algorithm: certificate.signatureAlgorithm,
    data: certificate.tbsCertificate,
    signature: certificate.signature,
  };
}

const nothing = { leniencies: [], scheme: undefined, hash: undefined, keySize: undefined } as const;
const exceeded: BoundedCheck = {
  ...nothing,
  outcome: "unsupported",
  reason: "more signatures would have to be tried than are tried for one list",
};
const mismatched: BoundedCheck = {
  ...nothing,
  outcome: "invalid",
  reason: "signatureAlgorithm differs from tbsCertificate.signature",
};
