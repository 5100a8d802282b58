/**
 * SubjectPublicKeyInfo, RFC 5280 section 4.1.2.7: which kind of key, how long, on which curve.
 *
 * @module
 */

import { type BitString, decodeBitString, expectBitString } from "../der/bit-string.ts";
import { idEcPublicKey, idRsassaPss, rsaEncryption } from "../der/oids.ts";
import { type Element, expectElement, expectEnd, rawBytes } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { CertParserError } from "../errors.ts";
import type { AlgorithmIdentifier } from "./algorithm-identifier.ts";
import type { EcParametersForm } from "./ec-parameters.ts";
import type { ElementTable } from "./element-table.ts";
import type { KnownAlgorithm } from "./known-algorithm.ts";
import { decodePublicExponent, type RsaPublicKey, rsaPublicKeyAt } from "./rsa-public-key.ts";

/** A public key as the certificate carries it. */
export interface PublicKey {
  /** SubjectPublicKeyInfo. */
  readonly der: Uint8Array;
  readonly algorithm: AlgorithmIdentifier;
  /** The content of subjectPublicKey. */
  readonly key: BitString;
  /** Bits of the modulus (RSA), the prime (DSA) or the field (EC), never 0; undefined for keys that cannot be measured. */
  readonly size: number | undefined;
  /** The curve by name, whether the key names it or spells out all its parameters; undefined for any other. */
  readonly curve: string | undefined;
  /** How an EC key says which curve it is on; undefined for other keys. */
  readonly parameters: EcParametersForm | undefined;
  /** The public exponent of an RSA key; undefined for other keys, and where it is no positive number below 2^256. */
  readonly exponent: bigint | undefined;
}

/** Where the parts of a SubjectPublicKeyInfo are. */
export interface PublicKeyFrame {
  readonly element: Element;
  readonly algorithm: KnownAlgorithm;
  /** The subjectPublicKey. */
  readonly bits: Element;
}

/** Frames the SubjectPublicKeyInfo that `element` holds. */
export function framePublicKey(
  input: Uint8Array,
  element: Element,
  algorithms: ElementTable<KnownAlgorithm>,
  path: string,
): PublicKeyFrame {
  const identifier = expectElement(input, element.contentStart, element.end, Tag.SEQUENCE, path);
  const algorithm = algorithms.read(input, identifier, path);
  const bits = expectElement(input, identifier.end, element.end, Tag.BIT_STRING, path);
  expectEnd(bits.end, element.end, path);
  expectBitString(input, bits, path);
  return { element, algorithm, bits };
}

/** Reads the SubjectPublicKeyInfo that `element` holds, whose algorithm is known already. */
export function publicKeyAt(input: Uint8Array, element: Element, algorithm: KnownAlgorithm): PublicKey {
  return new PublicKeyView(input, element, algorithm);
}

/** Whether a key of this algorithm is an RSAPublicKey. */
export function isRsa({ identifier }: KnownAlgorithm): boolean {
  return identifier.algorithm === rsaEncryption || identifier.algorithm === idRsassaPss;
}

/** Whether a key of this algorithm is a point on a curve of RFC 5480. */
export function isEllipticCurve({ identifier }: KnownAlgorithm): boolean {
  return identifier.algorithm === idEcPublicKey;
}

/** A class, unlike most here: of what a key can be asked, most are asked for two things. */
class PublicKeyView implements PublicKey {
  readonly #input: Uint8Array;
  readonly #element: Element;
  readonly #algorithm: KnownAlgorithm;

  constructor(input: Uint8Array, element: Element, algorithm: KnownAlgorithm) {
    this.#input = input;
    this.#element = element;
    this.#algorithm = algorithm;
  }

  get der(): Uint8Array {
    return rawBytes(this.#input, this.#element);
  }

  get algorithm(): AlgorithmIdentifier {
    return this.#algorithm.identifier;
  }

  get key(): BitString {
    return decodeBitString(this.#input, this.#bits, "subjectPublicKey");
  }

  get size(): number | undefined {
    // A modulus of 0 has no size: the store, like everyone who divides by one, expects it to be positive.
    return isRsa(this.#algorithm) ? this.#rsa?.size || undefined : this.#algorithm.key.size;
  }

  get curve(): string | undefined {
    return this.#algorithm.key.curve;
  }

  get parameters(): EcParametersForm | undefined {
    return this.#algorithm.key.parameters;
  }

  get exponent(): bigint | undefined {
    const rsa = isRsa(this.#algorithm) ? this.#rsa : undefined;
    return rsa && decodePublicExponent(this.#input, rsa.publicExponent);
  }

  get #bits(): Element {
    const { contentStart, end } = this.#element;
    const identifier = expectElement(this.#input, contentStart, end, Tag.SEQUENCE, "algorithm");
    return expectElement(this.#input, identifier.end, end, Tag.BIT_STRING, "subjectPublicKey");
  }

  /** A key that cannot be measured is no reason to drop a trust anchor: its size is unknown then. */
  get #rsa(): RsaPublicKey | undefined {
    const { contentStart, end } = this.#bits;
    try {
      // One octet of the BIT STRING counts its unused bits.
      return rsaPublicKeyAt(this.#input, contentStart + 1, end);
    } catch (error) {
      if (error instanceof CertParserError) return undefined;
      throw error;
    }
  }
}
