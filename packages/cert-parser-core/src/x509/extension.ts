/**
 * Extensions of certificates and CRLs, RFC 5280 sections 4.2 and 5.2.
 *
 * ```asn1
 * Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
 * ```
 *
 * @module
 */

import { decodeOid } from "../der/oid.ts";
import {
  contentBytes,
  type Element,
  expectElement,
  expectEnd,
  type ReusedElement,
  readElement,
  reusedElement,
} from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";

/** One extension; its value is left as it came. */
export interface Extension {
  /** Dotted OID. */
  readonly type: string;
  readonly critical: boolean;
  /** The content of extnValue: the DER of the extension itself. */
  readonly value: Uint8Array;
  /** Byte offset of `value` in the input. */
  readonly offset: number;
}

/** Told of one extension; `extnValue` is read into again for the next. */
export type ExtensionVisitor = (type: string, critical: boolean, extnValue: Element) => void;

/**
 * Visits the Extensions that the SEQUENCE `element` frames, in order. One that cannot be read is passed over and noted in
 * `findings`: it is no reason to lose a trust anchor.
 */
export function walkExtensions(
  input: Uint8Array,
  element: Element,
  path: string,
  findings: Finding[],
  visit: ExtensionVisitor,
): void {
  const [frame, type, critical, value] = [reusedElement(), reusedElement(), reusedElement(), reusedElement()];
  for (let at = element.contentStart; at < element.end; at = frame.end) {
    expectElement(input, at, element.end, Tag.SEQUENCE, path, frame);
    let isCritical: boolean;
    let oid: string;
    try {
      expectElement(input, frame.contentStart, frame.end, Tag.OBJECT_IDENTIFIER, path, type);
      isCritical = readCritical(input, type.end, frame.end, critical);
      expectElement(input, critical.end, frame.end, Tag.OCTET_STRING, path, value);
      expectEnd(value.end, frame.end, path);
      oid = decodeOid(input, type);
    } catch (error) {
      noteMalformed(error, "of unknown type", at, findings);
      continue;
    }
    visit(oid, isCritical, value);
  }
}

/** Reads the Extensions that the SEQUENCE `element` frames; see {@link walkExtensions}. */
export function extensionsAt(
  input: Uint8Array,
  element: Element,
  path: string,
  findings: Finding[],
): readonly Extension[] {
  const extensions: Extension[] = [];
  walkExtensions(input, element, path, findings, (type, critical, extnValue) => {
    extensions.push(new ExtensionView(input, type, critical, { ...extnValue }));
  });
  return extensions;
}

/** Reads the extnValue of one extension. Offsets in its errors are offsets in `input`. */
export type ExtensionDecoder<T> = (input: Uint8Array, extnValue: Element) => T;

/** Reads one extension; where it is malformed, notes that and gives undefined. */
export function readExtension<T>(
  input: Uint8Array,
  type: string,
  extnValue: Element,
  decode: ExtensionDecoder<T>,
  findings: Finding[],
): T | undefined {
  try {
    return decode(input, extnValue);
  } catch (error) {
    noteMalformed(error, type, extnValue.contentStart, findings);
    return undefined;
  }
}

/** `critical BOOLEAN DEFAULT FALSE`: leaves in `into` where the next element begins. */
function readCritical(input: Uint8Array, start: number, limit: number, into: ReusedElement): boolean {
  into.end = start;
  if (start >= limit || input[start] !== Tag.BOOLEAN) return false;
  readElement(input, start, limit, into);
  return into.end > into.contentStart && input[into.contentStart] !== 0;
}

function noteMalformed(error: unknown, what: string, offset: number, findings: Finding[]): void {
  if (!(error instanceof CertParserError)) throw error;
  findings.push({
    code: "EXTENSION_MALFORMED",
    message: `extension ${what} was passed over: ${error.message}`,
    offset: error.offset ?? offset,
    clause: "RFC 5280, 4.2",
  });
}

/** A class, unlike most here: a certificate has ten of these, and few of their values are ever looked at. */
class ExtensionView implements Extension {
  readonly type: string;
  readonly critical: boolean;
  readonly #input: Uint8Array;
  readonly #extnValue: Element;

  constructor(input: Uint8Array, type: string, critical: boolean, extnValue: Element) {
    this.type = type;
    this.critical = critical;
    this.#input = input;
    this.#extnValue = extnValue;
  }

  get value(): Uint8Array {
    return contentBytes(this.#input, this.#extnValue);
  }

  get offset(): number {
    return this.#extnValue.contentStart;
  }
}
