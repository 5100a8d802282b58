/**
 * An algorithm that stands in a file again and again, and what was made of it.
 *
 * @module
 */

import type { Element } from "../der/reader.ts";
import { type AlgorithmIdentifier, algorithmIdentifierAt } from "./algorithm-identifier.ts";
import { describeKeyParameters, type KeyParameters } from "./key-parameters.ts";
import { describeSignatureAlgorithm, type SignatureAlgorithm } from "./signature-algorithm.ts";

/** An AlgorithmIdentifier, read as that of a signature or of a key when it is asked for as one. */
export interface KnownAlgorithm {
  readonly identifier: AlgorithmIdentifier;
  readonly signature: SignatureAlgorithm;
  readonly key: KeyParameters;
}

/** Reads the AlgorithmIdentifier that `element` frames. */
export function knownAlgorithmAt(input: Uint8Array, element: Element, path: string): KnownAlgorithm {
  return new KnownAlgorithmView(algorithmIdentifierAt(input, element, path));
}

/** A class, unlike most here: to match explicit parameters takes longer than to read the certificate around them. */
class KnownAlgorithmView implements KnownAlgorithm {
  readonly identifier: AlgorithmIdentifier;
  #signature: SignatureAlgorithm | undefined;
  #key: KeyParameters | undefined;

  constructor(identifier: AlgorithmIdentifier) {
    this.identifier = identifier;
  }

  get signature(): SignatureAlgorithm {
    this.#signature ??= describeSignatureAlgorithm(this.identifier);
    return this.#signature;
  }

  get key(): KeyParameters {
    this.#key ??= describeKeyParameters(this.identifier);
    return this.#key;
  }
}
