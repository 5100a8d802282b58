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

/** An Extension that stays in the input until its value is asked for. */
export interface FramedExtension extends Extension {
  /** The extnValue. */
  readonly element: Element;
}

/**
 * Reads the Extensions that the SEQUENCE `element` frames. One that cannot be read is passed over and noted in
 * `findings`: it is no reason to lose a trust anchor.
 */
export function extensionsAt(
  input: Uint8Array,
  element: Element,
  path: string,
  findings: Finding[],
): readonly FramedExtension[] {
  const extensions: FramedExtension[] = [];
  const [frame, type, critical] = [reusedElement(), reusedElement(), reusedElement()];
  for (let at = element.contentStart; at < element.end; at = frame.end) {
    expectElement(input, at, element.end, Tag.SEQUENCE, path, frame);
    const extension = attempt(findings, "of unknown type", at, () =>
      extensionAt(input, path, frame, type, critical),
    );
    if (extension !== undefined) extensions.push(extension);
  }
  return extensions;
}

/** Does the reading; where it fails, notes that and gives undefined. */
export function attempt<T>(findings: Finding[], what: string, offset: number, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CertParserError)) throw error;
    findings.push({
      code: "EXTENSION_MALFORMED",
      message: `extension ${what} was passed over: ${error.message}`,
      offset: error.offset ?? offset,
      clause: "RFC 5280, 4.2",
    });
    return undefined;
  }
}

/** `type` and `critical` are only read into. */
function extensionAt(
  input: Uint8Array,
  path: string,
  { contentStart, end }: Element,
  type: ReusedElement,
  critical: ReusedElement,
): FramedExtension {
  expectElement(input, contentStart, end, Tag.OBJECT_IDENTIFIER, path, type);
  let isCritical = false;
  let valueStart = type.end;
  if (input[valueStart] === Tag.BOOLEAN && valueStart < end) {
    readElement(input, valueStart, end, critical);
    isCritical = critical.end > critical.contentStart && input[critical.contentStart] !== 0;
    valueStart = critical.end;
  }
  const octets = expectElement(input, valueStart, end, Tag.OCTET_STRING, path);
  expectEnd(octets.end, end, path);
  return new ExtensionView(input, decodeOid(input, type), isCritical, octets);
}

/** A class, unlike most here: a certificate has ten of these, and few of their values are ever looked at. */
class ExtensionView implements FramedExtension {
  readonly type: string;
  readonly critical: boolean;
  readonly element: Element;
  readonly #input: Uint8Array;

  constructor(input: Uint8Array, type: string, critical: boolean, element: Element) {
    this.#input = input;
    this.type = type;
    this.critical = critical;
    this.element = element;
  }

  get value(): Uint8Array {
    return contentBytes(this.#input, this.element);
  }

  get offset(): number {
    return this.element.contentStart;
  }
}
