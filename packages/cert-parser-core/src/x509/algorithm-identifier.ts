/**
 * AlgorithmIdentifier, RFC 5280 section 4.1.1.2.
 *
 * ```asn1
 * AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }
 * ```
 *
 * @module
 */

import { decodeOid } from "../der/oid.ts";
import { type Element, expectElement, expectEnd, rawBytes, readElement } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";

/** An algorithm with its parameters as they came in. */
export interface AlgorithmIdentifier {
  readonly der: Uint8Array;
  /** Dotted OID. */
  readonly algorithm: string;
  /** The parameters with tag and length; undefined where they are left out. */
  readonly parameters: Uint8Array | undefined;
}

/** An AlgorithmIdentifier that stays in the input until its bytes are asked for. */
export interface FramedAlgorithmIdentifier extends AlgorithmIdentifier {
  readonly element: Element;
  readonly parametersElement: Element | undefined;
}

/** Reads the AlgorithmIdentifier that `element` frames. */
export function algorithmIdentifierAt(
  input: Uint8Array,
  element: Element,
  path: string,
): FramedAlgorithmIdentifier {
  const oid = expectElement(input, element.contentStart, element.end, Tag.OBJECT_IDENTIFIER, path);
  let parameters: Element | undefined;
  if (oid.end < element.end) {
    parameters = readElement(input, oid.end, element.end);
    expectEnd(parameters.end, element.end, path);
  }
  return new AlgorithmIdentifierView(input, element, decodeOid(input, oid), parameters);
}

/** A class, unlike most here: a certificate has three of these, and views made in advance would cost as much as it. */
class AlgorithmIdentifierView implements FramedAlgorithmIdentifier {
  readonly element: Element;
  readonly algorithm: string;
  readonly parametersElement: Element | undefined;
  readonly #input: Uint8Array;

  constructor(input: Uint8Array, element: Element, algorithm: string, parameters: Element | undefined) {
    this.#input = input;
    this.element = element;
    this.algorithm = algorithm;
    this.parametersElement = parameters;
  }

  get der(): Uint8Array {
    return rawBytes(this.#input, this.element);
  }

  get parameters(): Uint8Array | undefined {
    return this.parametersElement && rawBytes(this.#input, this.parametersElement);
  }
}
