/**
 * The checks of a signerInfo that need no certificate: RFC 5652, 5.3, 5.4 and 11.
 *
 * @module
 */

import { equalBytes } from "../bytes/compare.ts";
import { namedStep, type VerificationStep } from "../chain/verification-step.ts";
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
  const step = namedStep("attribute-content-type", "RFC 5652, 11.1");
  if (attributes.contentType === contentType) {
    return step.passed(`the signed content type is ${contentType}, as that of the content is`);
  }
  const found = attributes.contentType ?? "absent";
  return step.failed("CONTENT_TYPE", `the signed content type is ${found}, expected ${contentType}`);
}

/** NULL or no parameters: RFC 5754, 2. Canada and Ukraine write the one, Germany the other. */
function checkDigestAlgorithm({ digestAlgorithm, signatureAlgorithm }: SignerInfo): VerificationStep {
  const step = namedStep("digest-algorithm", "RFC 5754, 2");
  const { algorithm, parameters } = digestAlgorithm;
  const digest = digestName(algorithm);
  if (!isSignatureDigest(digest)) {
    const message = `digestAlgorithm is ${digest ?? algorithm}, which is not verified here`;
    return step.failed("SIGNATURE_UNSUPPORTED", message);
  }
  if (parameters !== undefined && !equalBytes(parameters, nullValue)) {
    const message = "digestAlgorithm has parameters, expected none or NULL";
    return step.failed("SIGNATURE_UNSUPPORTED", message);
  }
  const hash = signatureHash(describeSignatureAlgorithm(signatureAlgorithm), digestAlgorithm) ?? digest;
  return hash === digest
    ? step.passed(`the content and the attributes are digested with ${digest}`)
    : step.failed("DIGEST_MISMATCH", `digestAlgorithm is ${digest}, that of the signature ${hash}`);
}

function checkMessageDigest(
  { digestAlgorithm }: SignerInfo,
  { messageDigest }: SignedAttributes,
  content: SignedContentFacts,
): VerificationStep {
  const step = namedStep("message-digest", "RFC 5652, 11.2");
  const digest = digestName(digestAlgorithm.algorithm);
  if (!isSignatureDigest(digest)) return step.skipped("the digest is not known here");
  if (messageDigest === undefined) {
    return step.failed("MESSAGE_DIGEST_MISMATCH", "the signed attributes have no messageDigest");
  }
  return equalBytes(messageDigest, content.digestOf(digest))
    ? step.passed("messageDigest is the digest of the content")
    : step.failed("MESSAGE_DIGEST_MISMATCH", "messageDigest is not the digest of the content");
}

function checkAlgorithmProtection(
  signer: SignerInfo,
  { algorithmProtection }: SignedAttributes,
): VerificationStep {
  const step = namedStep("algorithm-protection", "RFC 6211, 2");
  if (algorithmProtection === undefined) return step.skipped("there is no CMSAlgorithmProtection");
  const differing = unprotectedAlgorithm(algorithmProtection, signer);
  if (differing === undefined) return step.passed("the algorithms are those that were signed");
  const message = `${differing} differs from the one in CMSAlgorithmProtection`;
  return step.failed("ALGORITHM_PROTECTION_MISMATCH", message);
}

/** A list from the future would lock out every later one. */
function checkSigningTime({ signingTime }: SignedAttributes, now: Date): VerificationStep {
  const step = namedStep("signing-time", "Doc 9303-12, Table 18");
  if (signingTime === undefined) {
    return step.failed("SIGNING_TIME_MISSING", "the signed attributes have no signingTime");
  }
  const message = `the list was signed at ${formatTime(signingTime)}`;
  return signingTime.getTime() > now.getTime() + clockSkewMs
    ? step.failed("SIGNING_TIME_IN_FUTURE", `${message}, over a day from now`)
    : step.passed(message);
}

const nullValue = Uint8Array.of(Tag.NULL, 0);
// As far as clocks of publishers and of operators are taken to differ.
const clockSkewMs = 24 * 60 * 60 * 1000;
