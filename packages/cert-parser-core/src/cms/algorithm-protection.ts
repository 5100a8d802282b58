/**
 * CMSAlgorithmProtection, RFC 6211: the algorithms of a SignerInfo, under its signature.
 *
 * ```asn1
 * CMSAlgorithmProtection ::= SEQUENCE {
 *   digestAlgorithm    DigestAlgorithmIdentifier,
 *   signatureAlgorithm [1] SignatureAlgorithmIdentifier OPTIONAL,
 *   macAlgorithm       [2] MessageAuthenticationCodeAlgorithm OPTIONAL }
 * ```
 *
 * @module
 */

import { equalBytes } from "../bytes/compare.ts";
import { type Element, expectElement, expectEnd } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { type AlgorithmIdentifier, algorithmIdentifierAt } from "../x509/algorithm-identifier.ts";
import type { SignerInfo } from "./signer-info.ts";

/** Which algorithms the signer says that it used. */
export interface AlgorithmProtection {
  readonly digestAlgorithm: AlgorithmIdentifier;
  /** With the tag `[1]`. */
  readonly signatureAlgorithm: AlgorithmIdentifier;
}

/** Reads the attribute's value; one with a macAlgorithm is for AuthenticatedData, and malformed here. */
export function algorithmProtectionAt(input: Uint8Array, value: Element): AlgorithmProtection {
  const { contentStart, end } = expectElement(input, value.start, value.end, Tag.SEQUENCE, path);
  const digest = expectElement(input, contentStart, end, Tag.SEQUENCE, `${path}.digestAlgorithm`);
  const signature = expectElement(input, digest.end, end, Tag.CONTEXT_1, `${path}.signatureAlgorithm`);
  expectEnd(signature.end, end, path);
  return {
    digestAlgorithm: algorithmIdentifierAt(input, digest, path),
    signatureAlgorithm: algorithmIdentifierAt(input, signature, path),
  };
}

/** Names the first algorithm that is another one in the SignerInfo; undefined where both are the same. */
export function unprotectedAlgorithm(
  protection: AlgorithmProtection,
  signer: SignerInfo,
): "digestAlgorithm" | "signatureAlgorithm" | undefined {
  if (!isSameAlgorithm(protection.digestAlgorithm, signer.digestAlgorithm)) return "digestAlgorithm";
  if (!isSameAlgorithm(protection.signatureAlgorithm, signer.signatureAlgorithm)) return "signatureAlgorithm";
  return undefined;
}

/** No parameters and NULL are one: RFC 5754, 2 has signers write either, and they need not write the same twice. */
function isSameAlgorithm(a: AlgorithmIdentifier, b: AlgorithmIdentifier): boolean {
  return a.algorithm === b.algorithm && equalBytes(a.parameters ?? nullValue, b.parameters ?? nullValue);
}

const path = "CMSAlgorithmProtection";
const nullValue = Uint8Array.of(Tag.NULL, 0);
