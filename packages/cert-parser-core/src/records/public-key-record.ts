/**
 * The plain records of a public key and of a signature.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import type { BitString } from "../der/bit-string.ts";
import type { AlgorithmIdentifier } from "../x509/algorithm-identifier.ts";
import type { DigestName } from "../x509/digest-algorithm.ts";
import type { EcParametersForm } from "../x509/ec-parameters.ts";
import type { PublicKey } from "../x509/public-key.ts";
import { describeSignatureAlgorithm, type SignatureScheme } from "../x509/signature-algorithm.ts";

/** A public key as plain data. */
export interface PublicKeyRecord {
  /** Dotted OID. */
  readonly algorithm: string;
  /** Bits of the modulus or of the field, never 0; null for keys that cannot be measured. */
  readonly size: number | null;
  /** Null for keys that are not on a known curve. */
  readonly curve: string | null;
  /** How an EC key says which curve it is on; null for other keys. */
  readonly parameters: EcParametersForm | null;
  /** The public exponent of an RSA key, in decimal; null for other keys. */
  readonly exponent: string | null;
  /** The content of subjectPublicKey, lower-case hex. */
  readonly key: string;
  /** SubjectPublicKeyInfo, lower-case hex. */
  readonly der: string;
}

/** A signature as plain data. */
export interface SignatureRecord {
  /** Dotted OID. */
  readonly algorithm: string;
  /** Null for algorithms that are not known here. */
  readonly scheme: SignatureScheme | null;
  /** Null where the algorithm does not say. */
  readonly hash: DigestName | null;
  /** Of `rsa-pss`, with the defaults filled in. */
  readonly pss: PssParametersRecord | null;
  /** The parameters of the algorithm, lower-case hex; null where they are left out. */
  readonly parameters: string | null;
  /** Lower-case hex. */
  readonly value: string;
}

/** What a PSS signature is made with. */
export interface PssParametersRecord {
  readonly hash: DigestName | null;
  /** The digest inside MGF1. */
  readonly maskGenHash: DigestName | null;
  readonly saltLength: number;
  readonly trailerField: number;
}

/** Makes the record of a public key. */
export function toPublicKeyRecord(publicKey: PublicKey): PublicKeyRecord {
  return {
    algorithm: publicKey.algorithm.algorithm,
    size: publicKey.size ?? null,
    curve: publicKey.curve ?? null,
    parameters: publicKey.parameters ?? null,
    exponent: publicKey.exponent?.toString() ?? null,
    key: toHex(publicKey.key.bytes),
    der: toHex(publicKey.der),
  };
}

/** Makes the record of a signature. */
export function toSignatureRecord(algorithm: AlgorithmIdentifier, signature: BitString): SignatureRecord {
  const { scheme, hash, pss } = describeSignatureAlgorithm(algorithm);
  return {
    algorithm: algorithm.algorithm,
    scheme: scheme ?? null,
    hash: hash ?? null,
    pss: pss ? { ...pss, hash: pss.hash ?? null, maskGenHash: pss.maskGenHash ?? null } : null,
    parameters: algorithm.parameters ? toHex(algorithm.parameters) : null,
    value: toHex(signature.bytes),
  };
}
