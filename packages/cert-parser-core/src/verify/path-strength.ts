/**
 * Whether every signature from the signer up to the anchor is strong enough: Doc 9303-12, 4.1.6.
 *
 * A root's signature over itself proves nothing and is not counted.
 *
 * @module
 */

import type { BoundedCheck } from "../chain/bounded-signatures.ts";
import { namedStep, type VerificationStep } from "../chain/verification-step.ts";
import type { SignerInfo } from "../cms/signer-info.ts";
import { idEcPublicKey } from "../der/oids.ts";
import type { Certificate } from "../x509/certificate.ts";
import { digestName, isWeakDigest } from "../x509/digest-algorithm.ts";
import { formatName } from "../x509/name.ts";
import type { PublicKey } from "../x509/public-key.ts";
import { describeSignatureAlgorithm } from "../x509/signature-algorithm.ts";

/** What the strength of a path is judged by. */
export interface StrengthOptions {
  readonly signingTime: Date;
  /** For a test PKI: what is weak is noted, whenever it was signed. */
  readonly allowWeakAlgorithms: boolean;
}

/** Judges the signature of the list, then that of each certificate on the path by the key above it. */
export function checkStrength(
  signer: SignerInfo,
  check: BoundedCheck,
  path: readonly Certificate[],
  { signingTime, allowWeakAlgorithms }: StrengthOptions,
): VerificationStep {
  const [found] = [
    ...listWeaknesses(signer, check, path[0]?.publicKey),
    ...path.flatMap(certificateWeaknesses),
  ];
  if (found === undefined) return strength.passed("all digests and keys on the path are strong enough");
  if (signingTime < weakUntil) return strength.noted("WEAK_ALGORITHM", found);
  return allowWeakAlgorithms
    ? strength.noted("WEAK_ALGORITHM", `${found}; allowed by the settings`)
    : strength.failed("WEAK_ALGORITHM", `${found}, in a list signed after 2020`);
}

/** Tells whether a link is signed with a strong digest by a strong key. */
export function isStrongLink(link: Certificate, issuer: PublicKey): boolean {
  return weaknessOf(link, issuer) === undefined;
}

function listWeaknesses(
  { digestAlgorithm }: SignerInfo,
  { hash }: BoundedCheck,
  key: PublicKey | undefined,
): readonly string[] {
  const isWeak = isWeakDigest(hash) || isWeakDigest(digestName(digestAlgorithm.algorithm));
  const digest = isWeak ? ["the signature of the list is over SHA-1"] : [];
  const size = key && shortKey(key);
  return size === undefined ? digest : [...digest, `the signature of the list is by ${size}`];
}

function certificateWeaknesses(
  certificate: Certificate,
  at: number,
  path: readonly Certificate[],
): readonly string[] {
  const above = path[at + 1];
  // The top is trusted by itself; a pin may have no certificate, and then its last link is the top.
  if (above === undefined) return [];
  const weakness = weaknessOf(certificate, above.publicKey);
  return weakness === undefined ? [] : [`${formatName(certificate.subject)} is signed ${weakness}`];
}

function weaknessOf(certificate: Certificate, issuer: PublicKey): string | undefined {
  if (isWeakDigest(describeSignatureAlgorithm(certificate.signatureAlgorithm).hash)) return "over SHA-1";
  const size = shortKey(issuer);
  return size === undefined ? undefined : `by ${size}`;
}

function shortKey({ algorithm, size = 0 }: PublicKey): string | undefined {
  const isCurve = algorithm.algorithm === idEcPublicKey;
  if (size === 0 || size >= (isCurve ? 224 : 2048)) return undefined;
  return isCurve ? `an EC key of ${size} bits` : `a key of ${size} bits`;
}

const strength = namedStep("algorithm-strength", "Doc 9303-12, 4.1.6");
// Moldova's list of 2018 has SHA-1. Of the 33 lists signed since 2021, 32 pass.
const weakUntil = new Date("2021-01-01T00:00:00Z");
