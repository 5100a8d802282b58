/**
 * Signature algorithms: RFC 3279 section 2.2, RFC 4055, RFC 5758, RFC 8410.
 *
 * @module
 */

import {
  ecdsaWithSha1,
  ecdsaWithSha224,
  ecdsaWithSha256,
  ecdsaWithSha384,
  ecdsaWithSha512,
  idDsaWithSha1,
  idDsaWithSha224,
  idDsaWithSha256,
  idDsaWithSha384,
  idDsaWithSha512,
  idEd448,
  idEd25519,
  idRsassaPss,
  md5WithRsaEncryption,
  rsaEncryption,
  sha1WithRsaEncryption,
  sha224WithRsaEncryption,
  sha256WithRsaEncryption,
  sha384WithRsaEncryption,
  sha512WithRsaEncryption,
} from "../der/oids.ts";
import { nameTag, Tag } from "../der/tag.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";
import type { AlgorithmIdentifier } from "./algorithm-identifier.ts";
import { type DigestName, isWeakDigest } from "./digest-algorithm.ts";
import { type PssParameters, parsePssParameters } from "./pss-parameters.ts";
import { noDeviations, noteDeviations, type RelativeFinding } from "./relative-finding.ts";

/** How a signature is made, whatever the digest. */
export type SignatureScheme = "rsa-pkcs1" | "rsa-pss" | "ecdsa" | "dsa" | "ed25519" | "ed448";

/** What an AlgorithmIdentifier of a signature says. */
export interface SignatureAlgorithm {
  /** Undefined for algorithms that are not known here. */
  readonly scheme: SignatureScheme | undefined;
  /** Undefined where the algorithm does not say (plain rsaEncryption in CMS, EdDSA), or says what is not known here. */
  readonly hash: DigestName | undefined;
  /** Of `rsa-pss`, where they can be read. */
  readonly pss: PssParameters | undefined;
  /** What is not as the standards have it; offsets count from the first byte of the AlgorithmIdentifier. */
  readonly deviations: readonly RelativeFinding[];
}

/** Tells how signatures of this algorithm are made. Parameters that cannot be read are a deviation, not an error. */
export function describeSignatureAlgorithm(algorithm: AlgorithmIdentifier): SignatureAlgorithm {
  if (algorithm.algorithm === idRsassaPss) return describePss(algorithm);
  const known = schemes.get(algorithm.algorithm);
  if (known === undefined) return unknownAlgorithm;
  const [scheme, hash, clause] = known;
  const deviations: RelativeFinding[] = [];
  noteParameters(algorithm, scheme === "rsa-pkcs1", clause, deviations);
  noteWeakDigest(hash, deviations);
  return { scheme, hash, pss: undefined, deviations };
}

/** Notes what is not as it should be with the signature algorithm that starts at `start`. */
export function noteSignatureAlgorithm(
  algorithm: AlgorithmIdentifier,
  start: number,
  findings: Finding[],
): void {
  noteDeviations(describeSignatureAlgorithm(algorithm).deviations, start, findings);
}

/** Notes parameters other than NULL where there should be NULL, and any where there should be none. */
export function noteParameters(
  { algorithm, parameters }: AlgorithmIdentifier,
  expectNull: boolean,
  clause: string,
  deviations: RelativeFinding[],
): void {
  const isNull = parameters !== undefined && parameters[0] === Tag.NULL && parameters[1] === 0;
  if (expectNull ? isNull : parameters === undefined) return;
  const found = parameters === undefined ? "no parameters" : `${nameTag(parameters[0])} for its parameters`;
  deviations.push({
    code: "ALGORITHM_PARAMETERS",
    message: `algorithm ${algorithm} has ${found}, expected ${expectNull ? "NULL" : "none"}`,
    offset: 0,
    clause,
  });
}

function describePss({ der, parameters }: AlgorithmIdentifier): SignatureAlgorithm {
  const deviations: RelativeFinding[] = [];
  const offset = parameters === undefined ? der.length : der.length - parameters.length;
  const note = (message: string, at: number) =>
    deviations.push({ code: "ALGORITHM_PARAMETERS", message, offset: at, clause: "RFC 4055, 3.1" });
  let pss: PssParameters | undefined;
  try {
    const inside: RelativeFinding[] = [];
    if (parameters === undefined) note("RSASSA-PSS has no parameters, expected RSASSA-PSS-params", 0);
    else pss = parsePssParameters(parameters, inside);
    noteDeviations(inside, offset, deviations);
  } catch (error) {
    if (!(error instanceof CertParserError)) throw error;
    note(`the parameters of RSASSA-PSS cannot be read: ${error.message}`, offset + (error.offset ?? 0));
  }
  noteWeakDigest(pss?.hash, deviations);
  return { scheme: "rsa-pss", hash: pss?.hash, pss, deviations };
}

function noteWeakDigest(hash: DigestName | undefined, deviations: RelativeFinding[]): void {
  if (!isWeakDigest(hash)) return;
  deviations.push({
    code: "HASH_WEAK",
    message: `the signature is over ${hash}, expected SHA-224 or longer`,
    offset: 0,
    clause: "Doc 9303-12, 4.1.6",
  });
}

const unknownAlgorithm: SignatureAlgorithm = {
  scheme: undefined,
  hash: undefined,
  pss: undefined,
  deviations: noDeviations,
};

type KnownScheme = readonly [scheme: SignatureScheme, hash: DigestName | undefined, parametersClause: string];

const schemes: ReadonlyMap<string, KnownScheme> = new Map<string, KnownScheme>([
  // Several signers of lists and of EF.SOD say no more than this: the digest is then the digestAlgorithm of the SignerInfo.
  [rsaEncryption, ["rsa-pkcs1", undefined, "RFC 3279, 2.3.1"]],
  [md5WithRsaEncryption, ["rsa-pkcs1", "MD5", "RFC 3279, 2.2.1"]],
  [sha1WithRsaEncryption, ["rsa-pkcs1", "SHA-1", "RFC 3279, 2.2.1"]],
  [sha224WithRsaEncryption, ["rsa-pkcs1", "SHA-224", "RFC 4055, 5"]],
  [sha256WithRsaEncryption, ["rsa-pkcs1", "SHA-256", "RFC 4055, 5"]],
  [sha384WithRsaEncryption, ["rsa-pkcs1", "SHA-384", "RFC 4055, 5"]],
  [sha512WithRsaEncryption, ["rsa-pkcs1", "SHA-512", "RFC 4055, 5"]],
  [ecdsaWithSha1, ["ecdsa", "SHA-1", "RFC 3279, 2.2.3"]],
  [ecdsaWithSha224, ["ecdsa", "SHA-224", "RFC 5758, 3.2"]],
  [ecdsaWithSha256, ["ecdsa", "SHA-256", "RFC 5758, 3.2"]],
  [ecdsaWithSha384, ["ecdsa", "SHA-384", "RFC 5758, 3.2"]],
  [ecdsaWithSha512, ["ecdsa", "SHA-512", "RFC 5758, 3.2"]],
  [idDsaWithSha1, ["dsa", "SHA-1", "RFC 3279, 2.2.2"]],
  [idDsaWithSha224, ["dsa", "SHA-224", "RFC 5758, 3.1"]],
  [idDsaWithSha256, ["dsa", "SHA-256", "RFC 5758, 3.1"]],
  [idDsaWithSha384, ["dsa", "SHA-384", "RFC 5758, 3.1"]],
  [idDsaWithSha512, ["dsa", "SHA-512", "RFC 5758, 3.1"]],
  [idEd25519, ["ed25519", undefined, "RFC 8410, 3"]],
  [idEd448, ["ed448", undefined, "RFC 8410, 3"]],
]);
