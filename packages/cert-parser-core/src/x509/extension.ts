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
import { contentBytes, type Element, expectElement, expectEnd, readElement } from "../der/reader.ts";
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
  for (let at = element.contentStart; at < element.end; ) {
    const frame = expectElement(input, at, element.end, Tag.SEQUENCE, path);
    const extension = attempt(findings, path, frame.start, () => extensionAt(input, frame, path));
    if (extension !== undefined) extensions.push(extension);
    at = frame.end;
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
      message: `${what} was passed over: ${error.message}`,
      offset: error.offset ?? offset,
      clause: "RFC 5280, 4.2",
    });
    return undefined;
  }
}

function extensionAt(input: Uint8Array, element: Element, path: string): FramedExtension {
  const type = expectElement(input, element.contentStart, element.end, Tag.OBJECT_IDENTIFIER, path);
  let value = readElement(input, type.end, element.end);
  let critical = false;
  if (value.tag === Tag.BOOLEAN) {
    critical = input[value.contentStart] !== 0 && value.end > value.contentStart;
    value = readElement(input, value.end, element.end);
  }
  const octets =
    value.tag === Tag.OCTET_STRING
      ? value
      : expectElement(input, value.start, element.end, Tag.OCTET_STRING, path);
  expectEnd(octets.end, element.end, path);
  return new ExtensionView(input, decodeOid(input, type), critical, octets);
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
