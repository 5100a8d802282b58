/**
 * Verifies a signature of X.509 or CMS: RFC 5280, 4.1.1.3, and RFC 5652, 5.4.
 *
 * @module
 */

import type { BitString } from "../der/bit-string.ts";
import { idDsa, idEcPublicKey, idEd448, idEd25519, idRsassaPss, rsaEncryption } from "../der/oids.ts";
import { CertParserError } from "../errors.ts";
import type { AlgorithmIdentifier } from "../x509/algorithm-identifier.ts";
import type { DigestName } from "../x509/digest-algorithm.ts";
import type { PublicKey } from "../x509/public-key.ts";
import {
  describeSignatureAlgorithm,
  type SignatureAlgorithm,
  type SignatureScheme,
} from "../x509/signature-algorithm.ts";
import { checkParameters } from "./algorithm-parameters.ts";
import { readDsaKey, verifyDsa } from "./dsa.ts";
import { readEcKey, verifyEcdsa } from "./ecdsa.ts";
import { verifyEddsa } from "./eddsa.ts";
import { readRsaKey } from "./rsa-key.ts";
import { verifyPkcs1 } from "./rsa-pkcs1.ts";
import { readPssOptions, verifyPss } from "./rsa-pss.ts";
import type { SignatureDigest, SignatureEngine } from "./signature-engine.ts";
import { isSignatureDigest, signatureHash } from "./signature-hash.ts";
import {
  invalid,
  isRefusal,
  type Leniency,
  type SignatureOutcome,
  unsupported,
  type Verdict,
} from "./verdict.ts";

/** A signature, with what it is said to be over and by. */
export interface SignatureInput {
  readonly publicKey: PublicKey;
  readonly algorithm: AlgorithmIdentifier;
  /** The signed bytes: a tbsCertificate, a tbsCertList, or signed attributes with the tag of a SET. */
  readonly data: Uint8Array;
  /** A BIT STRING in certificates and CRLs, octets in CMS. */
  readonly signature: BitString | Uint8Array;
  /** The digestAlgorithm of a SignerInfo: the digest where the algorithm is plain rsaEncryption. */
  readonly digestAlgorithm?: AlgorithmIdentifier | undefined;
}

/** How a signature came out, and what it was made with as far as that could be told. */
export interface SignatureCheck {
  readonly outcome: SignatureOutcome;
  readonly scheme: SignatureScheme | undefined;
  readonly hash: DigestName | undefined;
  /** The curve of an EC key, where it is a known one. */
  readonly curve: string | undefined;
  /** Bits of the modulus or of the field. */
  readonly keySize: number | undefined;
  /** What was let pass; empty unless the signature is valid. */
  readonly leniencies: readonly Leniency[];
  /** One sentence; undefined where the signature is valid. */
  readonly reason: string | undefined;
}

/** Verifies a signature. Never throws, whatever the bytes: what cannot be read is `invalid`. */
export function checkSignature(engine: SignatureEngine, input: SignatureInput): SignatureCheck {
  const { publicKey, algorithm, digestAlgorithm } = input;
  const described = describeSignatureAlgorithm(algorithm);
  const hash = signatureHash(described, digestAlgorithm);
  const verdict = judge(engine, input, { ...described, hash });
  return {
    outcome: verdict.outcome,
    scheme: described.scheme,
    hash,
    curve: publicKey.curve,
    keySize: publicKey.size,
    leniencies: isRefusal(verdict) ? [] : verdict.leniencies,
    reason: isRefusal(verdict) ? verdict.reason : undefined,
  };
}

function judge(engine: SignatureEngine, input: SignatureInput, described: SignatureAlgorithm): Verdict {
  const { publicKey, algorithm, signature } = input;
  const { scheme } = described;
  if (scheme === undefined) {
    return unsupported(`the signature algorithm ${algorithm.algorithm} is not verified here`);
  }
  const leniencies = checkParameters(algorithm, scheme);
  if (isRefusal(leniencies)) return leniencies;
  const keyType = publicKey.algorithm.algorithm;
  if (!keyTypes[scheme].includes(keyType))
    return invalid(`the key is of type ${keyType}, not one of ${scheme}`);
  if (hasUnusedBits(publicKey.key)) return invalid("the key ends in the middle of an octet");
  if (hasUnusedBits(signature)) return invalid("the signature ends in the middle of an octet");

  const octets = signature instanceof Uint8Array ? signature : signature.bytes;
  const verdict = attempt(() => verifyScheme(engine, input, { ...described, scheme }, octets));
  return isRefusal(verdict) ? verdict : { ...verdict, leniencies: [...leniencies, ...verdict.leniencies] };
}

/** Keys and signatures that are not the structures they should be are refused like any other bad ones. */
function attempt(verify: () => Verdict): Verdict {
  try {
    return verify();
  } catch (error) {
    if (!(error instanceof CertParserError)) throw error;
    return invalid(`the key or the signature cannot be read: ${error.message}`);
  }
}

function verifyScheme(
  engine: SignatureEngine,
  { publicKey, data }: SignatureInput,
  described: SignatureAlgorithm & { readonly scheme: SignatureScheme },
  signature: Uint8Array,
): Verdict {
  const { scheme, hash } = described;
  if (scheme === "ed25519" || scheme === "ed448") {
    return verifyEddsa(scheme, publicKey.key.bytes, data, signature);
  }
  if (scheme === "rsa-pss") {
    const options = readPssOptions(described.pss, publicKey.algorithm);
    if (isRefusal(options)) return options;
    const key = readRsaKey(publicKey);
    return isRefusal(key) ? key : verifyPss(engine, key, options, data, signature);
  }
  if (!isSignatureDigest(hash)) return unsupported(unsupportedHash(hash));
  return verifyHashed[scheme](engine, publicKey, hash, data, signature);
}

function unsupportedHash(hash: "MD5" | undefined): string {
  return hash === undefined
    ? "nothing says over which digest the signature is, or it is over one that is not known here"
    : `the signature is over ${hash}, for which anyone can make collisions`;
}

function hasUnusedBits(value: BitString | Uint8Array): boolean {
  return !(value instanceof Uint8Array) && value.unusedBits !== 0;
}

type HashedVerifier = (
  engine: SignatureEngine,
  publicKey: PublicKey,
  hash: SignatureDigest,
  data: Uint8Array,
  signature: Uint8Array,
) => Verdict;

/** The schemes whose AlgorithmIdentifier names a digest and nothing else. */
const verifyHashed: Readonly<Record<"rsa-pkcs1" | "ecdsa" | "dsa", HashedVerifier>> = {
  "rsa-pkcs1": (engine, publicKey, hash, data, signature) => {
    const key = readRsaKey(publicKey);
    return isRefusal(key) ? key : verifyPkcs1(engine, key, hash, data, signature);
  },
  ecdsa: (engine, publicKey, hash, data, signature) => {
    const key = readEcKey(publicKey);
    return isRefusal(key) ? key : verifyEcdsa(engine, key, hash, data, signature);
  },
  dsa: (engine, publicKey, hash, data, signature) => {
    const key = readDsaKey(publicKey);
    return isRefusal(key) ? key : verifyDsa(engine, key, hash, data, signature);
  },
};

const keyTypes: Readonly<Record<SignatureScheme, readonly string[]>> = {
  "rsa-pkcs1": [rsaEncryption],
  // RFC 4055, 1.2: a plain RSA key may sign so, one of RSASSA-PSS must.
  "rsa-pss": [rsaEncryption, idRsassaPss],
  ecdsa: [idEcPublicKey],
  dsa: [idDsa],
  ed25519: [idEd25519],
  ed448: [idEd448],
};
