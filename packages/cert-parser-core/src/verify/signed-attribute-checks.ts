/**
 * The checks of a signerInfo that need no certificate: RFC 5652, 5.3, 5.4 and 11.
 *
 * @module
 */

import { equalBytes } from "../bytes/compare.ts";
import { failed, passed, skipped, type VerificationStep } from "../chain/verification-step.ts";
import { unprotectedAlgorithm } from "../cms/algorithm-protection.ts";
import type { SignedAttributes } from "../cms/signed-attributes.ts";
import type { SignerInfo } from "../cms/signer-info.ts";
import { Tag } from "../der/tag.ts";
import { formatTime } from "../der/time.ts";
import type { SignatureDigest } from "../signatures/signature-engine.ts";
import { isSignatureDigest, signatureHash } from "../signatures/signature-hash.ts";
import { digestName } from "../x509/digest-algorithm.ts";
import { describeSignatureAlgorithm } from "../x509/signature-algorithm.ts";

/** What the attributes are held against. */
export interface SignedContentFacts {
  /** eContentType, dotted OID. */
  readonly contentType: string;
  /** Digests the content; once for each digest, however many signers there are. */
  digestOf(name: SignatureDigest): Uint8Array;
  readonly now: Date;
}

/** Checks what the signer signed beside the content. */
export function checkSignedAttributes(
  signer: SignerInfo,
  attributes: SignedAttributes,
  content: SignedContentFacts,
): readonly VerificationStep[] {
  return [
    checkContentType(attributes, content),
    checkDigestAlgorithm(signer),
    checkMessageDigest(signer, attributes, content),
    checkAlgorithmProtection(signer, attributes),
    checkSigningTime(attributes, content.now),
  ];
}

function checkContentType(
  attributes: SignedAttributes,
  { contentType }: SignedContentFacts,
): VerificationStep {
  const [step, rule] = ["attribute-content-type", "RFC 5652, 11.1"] as const;
  if (attributes.contentType === contentType) {
    return passed(step, `the signed content type is ${contentType}, as that of the content is`, rule);
  }
  const found = attributes.contentType ?? "absent";
  return failed(step, "CONTENT_TYPE", `the signed content type is ${found}, expected ${contentType}`, rule);
}

/** NULL or no parameters: RFC 5754, 2. Canada and Ukraine write the one, Germany the other. */
function checkDigestAlgorithm({ digestAlgorithm, signatureAlgorithm }: SignerInfo): VerificationStep {
  const [step, rule] = ["digest-algorithm", "RFC 5754, 2"] as const;
  const { algorithm, parameters } = digestAlgorithm;
  const digest = digestName(algorithm);
  if (!isSignatureDigest(digest)) {
    const message = `digestAlgorithm is ${digest ?? algorithm}, which is not verified here`;
    return failed(step, "SIGNATURE_UNSUPPORTED", message, rule);
  }
  if (parameters !== undefined && !equalBytes(parameters, nullValue)) {
    const message = "digestAlgorithm has parameters, expected none or NULL";
    return failed(step, "SIGNATURE_UNSUPPORTED", message, rule);
  }
  const hash = signatureHash(describeSignatureAlgorithm(signatureAlgorithm), digestAlgorithm) ?? digest;
  return hash === digest
    ? passed(step, `the content and the attributes are digested with ${digest}`, rule)
    : failed(step, "DIGEST_MISMATCH", `digestAlgorithm is ${digest}, that of the signature ${hash}`, rule);
}

function checkMessageDigest(
  { digestAlgorithm }: SignerInfo,
  { messageDigest }: SignedAttributes,
  content: SignedContentFacts,
): VerificationStep {
  const [step, rule] = ["message-digest", "RFC 5652, 11.2"] as const;
  const digest = digestName(digestAlgorithm.algorithm);
  if (!isSignatureDigest(digest)) return skipped(step, "the digest is not known here", rule);
  if (messageDigest === undefined) {
    return failed(step, "MESSAGE_DIGEST_MISMATCH", "the signed attributes have no messageDigest", rule);
  }
  return equalBytes(messageDigest, content.digestOf(digest))
    ? passed(step, "messageDigest is the digest of the content", rule)
    : failed(step, "MESSAGE_DIGEST_MISMATCH", "messageDigest is not the digest of the content", rule);
}

function checkAlgorithmProtection(
  signer: SignerInfo,
  { algorithmProtection }: SignedAttributes,
): VerificationStep {
  const [step, rule] = ["algorithm-protection", "RFC 6211, 2"] as const;
  if (algorithmProtection === undefined) return skipped(step, "there is no CMSAlgorithmProtection", rule);
  const differing = unprotectedAlgorithm(algorithmProtection, signer);
  if (differing === undefined) return passed(step, "the algorithms are those that were signed", rule);
  const message = `${differing} differs from the one in CMSAlgorithmProtection`;
  return failed(step, "ALGORITHM_PROTECTION_MISMATCH", message, rule);
}

/** A list from the future would lock out every later one. */
function checkSigningTime({ signingTime }: SignedAttributes, now: Date): VerificationStep {
  const [step, rule] = ["signing-time", "Doc 9303-12, Table 18"] as const;
  if (signingTime === undefined) {
    return failed(step, "SIGNING_TIME_MISSING", "the signed attributes have no signingTime", rule);
  }
  const message = `the list was signed at ${formatTime(signingTime)}`;
  return signingTime.getTime() > now.getTime() + clockSkewMs
    ? failed(step, "SIGNING_TIME_IN_FUTURE", `${message}, over a day from now`, rule)
    : passed(step, message, rule);
}

const nullValue = Uint8Array.of(Tag.NULL, 0);
// As far as clocks of publishers and of operators are taken to differ.
const clockSkewMs = 24 * 60 * 60 * 1000;
