/**
 * Reads the certificates and CRLs of a list one by one: a bad one is rejected, its neighbours are read.
 *
 * @module
 */

import { portableSha256, type Sha256 } from "../bytes/digest.ts";
import { type RevocationList, revocationListAt } from "../crl/revocation-list.ts";
import { type Element, expectElement, expectEnd } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { CertParserError } from "../errors.ts";
import type { FoundIn, Origin, Rejection } from "../findings.ts";
import { expectFewRejections, expectWithinBytes, type Limits, withDefaultLimits } from "../limits.ts";
import { type Certificate, certificateAt, type ParseOptions } from "../x509/certificate.ts";
import { createFileTables, type FileTables } from "../x509/file-tables.ts";
import type { Part } from "../x509/part.ts";

/** How the parts of one object are read. */
export interface PartReading {
  readonly input: Uint8Array;
  readonly limits: Limits;
  readonly sha256: Sha256;
  readonly tables: FileTables;
  /** The part of the file that the object stands in; undefined where the file is nothing else. */
  readonly origin?: Origin | undefined;
  /** Collects what could not be read. */
  readonly rejections: Rejection[];
  /** Counts it through all of the file, the parts that were passed over without a rejection too. */
  readonly unreadable: Count;
}

/** A number that the parts of one file share. */
export interface Count {
  value: number;
}

/** How an object that is all of `bytes` is read. Throws where that is longer than agreed. */
export function readingOf(bytes: Uint8Array, options: ParseOptions): PartReading {
  const limits = withDefaultLimits(options.limits);
  expectWithinBytes(bytes, limits);
  const sha256 = options.sha256 ?? portableSha256;
  return {
    input: bytes,
    limits,
    sha256,
    tables: createFileTables(),
    rejections: [],
    unreadable: { value: 0 },
  };
}

/** Reads the certificates that `elements` frame; `firstIndex` is how many came before. */
export function readCertificates(
  reading: PartReading,
  elements: readonly Element[],
  foundIn: FoundIn,
  firstIndex = 0,
): readonly Certificate[] {
  const { input } = reading;
  const place = { foundIn, firstIndex, kind: "certificate" } as const;
  return readParts(reading, elements, place, (element, part) => {
    const certificate = expectElement(input, element.start, element.end, Tag.SEQUENCE, "Certificate");
    expectEnd(certificate.end, element.end, "Certificate");
    return certificateAt(input, certificate, part);
  });
}

/** Reads the CRLs that `elements` frame. */
export function readRevocationLists(
  reading: PartReading,
  elements: readonly Element[],
  foundIn: FoundIn,
  firstIndex = 0,
): readonly RevocationList[] {
  const { input } = reading;
  const place = { foundIn, firstIndex, kind: "crl" } as const;
  return readParts(reading, elements, place, (element, part) => {
    const crl = expectElement(input, element.start, element.end, Tag.SEQUENCE, "CertificateList");
    expectEnd(crl.end, element.end, "CertificateList");
    return revocationListAt(input, crl, part);
  });
}

function readParts<T>(
  reading: PartReading,
  elements: readonly Element[],
  { kind, foundIn, firstIndex }: Pick<Rejection, "kind" | "foundIn"> & { readonly firstIndex: number },
  read: (element: Element, part: Part) => T,
): readonly T[] {
  const { limits, sha256, tables, origin } = reading;
  const parts: T[] = [];
  for (const [position, element] of elements.entries()) {
    const index = firstIndex + position;
    try {
      parts.push(read(element, { foundIn, index, origin, limits, sha256, tables }));
    } catch (error) {
      if (!(error instanceof CertParserError)) throw error;
      addRejection(reading, element, { kind, foundIn, index }, error);
    }
  }
  return parts;
}

/** Keeps that a part could not be read. Throws `LIMIT_EXCEEDED` where too many before it could not either. */
export function addRejection(
  reading: PartReading,
  element: Element,
  place: Pick<Rejection, "kind" | "foundIn" | "index">,
  error: CertParserError,
): void {
  const { input, sha256, origin, rejections } = reading;
  const { start, end } = element;
  const { code, message, offset = start, path } = error;
  countUnreadable(reading, start);
  const der = input.subarray(start, end);
  rejections.push({
    ...place,
    offset: start,
    origin,
    der,
    sha256: sha256(der),
    reason: { code, message, offset, path },
  });
}

/** Counts one more part that could not be read. Throws `LIMIT_EXCEEDED` where it is one too many. */
export function countUnreadable(
  { unreadable, limits }: Pick<PartReading, "unreadable" | "limits">,
  offset: number,
): void {
  unreadable.value++;
  expectFewRejections(unreadable.value, limits, offset);
}
