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

/** One extension as it stands in the input, to be read into again for the next. */
export interface ReusedExtension {
  /** The OBJECT IDENTIFIER. */
  readonly type: ReusedElement;
  critical: boolean;
  readonly extnValue: ReusedElement;
  /** The whole extension. */
  readonly element: ReusedElement;
}

/** Makes an extension to be read into. */
export function reusedExtension(): ReusedExtension {
  return { type: reusedElement(), critical: false, extnValue: reusedElement(), element: reusedElement() };
}

/**
 * Reads the extension that starts at `start` into `into`. False where it cannot be read: that is noted in `findings` and
 * is no reason to lose a trust anchor. Throws where not even its end is known.
 */
export function readExtensionInto(
  input: Uint8Array,
  start: number,
  limit: number,
  path: string,
  into: ReusedExtension,
  findings: Finding[],
): boolean {
  const { type, extnValue, element } = into;
  expectElement(input, start, limit, Tag.SEQUENCE, path, element);
  try {
    expectElement(input, element.contentStart, element.end, Tag.OBJECT_IDENTIFIER, path, type);
    let at = type.end;
    into.critical = false;
    if (at < element.end && input[at] === Tag.BOOLEAN) {
      // The place of extnValue serves for what comes before it.
      readElement(input, at, element.end, extnValue);
      into.critical = readBoolean(input, extnValue, "critical", findings);
      at = extnValue.end;
    }
    expectElement(input, at, element.end, Tag.OCTET_STRING, path, extnValue);
    expectEnd(extnValue.end, element.end, path);
    return true;
  } catch (error) {
    noteMalformed(error, "of unknown type", start, findings);
    return false;
  }
}

/** Visits the Extensions that the SEQUENCE `element` frames, in order; those that cannot be read are passed over. */
export function walkExtensions(
  input: Uint8Array,
  element: Element,
  path: string,
  findings: Finding[],
  visit: ExtensionVisitor,
): void {
  const extension = reusedExtension();
  for (let at = element.contentStart; at < element.end; at = extension.element.end) {
    if (!readExtensionInto(input, at, element.end, path, extension, findings)) continue;
    const type = extensionType(input, extension, findings);
    if (type !== undefined) visit(type, extension.critical, extension.extnValue);
  }
}

/** The dotted OID of an extension; undefined where it is malformed, which is noted. */
export function extensionType(
  input: Uint8Array,
  { type, element }: ReusedExtension,
  findings: Finding[],
): string | undefined {
  try {
    return decodeOid(input, type);
  } catch (error) {
    noteMalformed(error, "of unknown type", element.start, findings);
    return undefined;
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

/** Reads the extnValue of one extension, and notes what is not as it should be. Offsets are offsets in `input`. */
export type ExtensionDecoder<T> = (input: Uint8Array, extnValue: Element, findings: Finding[]) => T;

/** Reads one extension; where it is malformed, notes that and gives undefined. */
export function readExtension<T>(
  input: Uint8Array,
  type: string,
  extnValue: Element,
  decode: ExtensionDecoder<T>,
  findings: Finding[],
): T | undefined {
  try {
    return decode(input, extnValue, findings);
  } catch (error) {
    noteMalformed(error, type, extnValue.contentStart, findings);
    return undefined;
  }
}

/** Reads a BOOLEAN DEFAULT FALSE that is there: any octet but 00 is TRUE in BER. */
export function readBoolean(
  input: Uint8Array,
  { start, contentStart, end }: Element,
  path: string,
  findings: Finding[],
): boolean {
  const octet = contentStart < end ? (input[contentStart] as number) : 0;
  if (octet === 0) {
    findings.push({
      code: "DEFAULT_ENCODED",
      message: `${path} is FALSE and written out, expected it to be left out`,
      offset: start,
      clause: "X.690, 11.5",
    });
  }
  if (end - contentStart !== 1 || (octet !== 0 && octet !== 0xff)) {
    findings.push({
      code: "BOOLEAN_NOT_DER",
      message: `${path} is not written as one octet 00 or FF`,
      offset: start,
      clause: "X.690, 11.1",
    });
  }
  return octet !== 0;
}

/** Notes an extension that could not be read; lets every error but `CertParserError` through. */
export function noteMalformed(error: unknown, what: string, offset: number, findings: Finding[]): void {
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
