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
import { expectWithinBytes, type Limits, withDefaultLimits } from "../limits.ts";
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
}

/** How an object that is all of `bytes` is read. Throws where that is longer than agreed. */
export function readingOf(bytes: Uint8Array, options: ParseOptions): PartReading {
  const limits = withDefaultLimits(options.limits);
  expectWithinBytes(bytes, limits);
  const sha256 = options.sha256 ?? portableSha256;
  return { input: bytes, limits, sha256, tables: createFileTables(), rejections: [] };
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
  const { input, limits } = reading;
  const place = { foundIn, firstIndex, kind: "crl" } as const;
  return readParts(reading, elements, place, (element, part) => {
    const crl = expectElement(input, element.start, element.end, Tag.SEQUENCE, "CertificateList");
    expectEnd(crl.end, element.end, "CertificateList");
    return revocationListAt(input, crl, part, limits);
  });
}

function readParts<T>(
  reading: PartReading,
  elements: readonly Element[],
  { kind, foundIn, firstIndex }: Pick<Rejection, "kind" | "foundIn"> & { readonly firstIndex: number },
  read: (element: Element, part: Part) => T,
): readonly T[] {
  const { sha256, tables, origin, rejections } = reading;
  const parts: T[] = [];
  for (const [position, element] of elements.entries()) {
    const index = firstIndex + position;
    try {
      parts.push(read(element, { foundIn, index, origin, sha256, tables }));
    } catch (error) {
      if (!(error instanceof CertParserError)) throw error;
      rejections.push(rejectionOf(reading, element, { kind, foundIn, index }, error));
    }
  }
  return parts;
}

/** What is kept of a part that `error` kept from being read. */
export function rejectionOf(
  { input, sha256, origin }: PartReading,
  { start, end }: Element,
  place: Pick<Rejection, "kind" | "foundIn" | "index">,
  { code, message, offset = start, path }: CertParserError,
): Rejection {
  const der = input.subarray(start, end);
  return {
    ...place,
    offset: start,
    origin,
    der,
    sha256: sha256(der),
    reason: { code, message, offset, path },
  };
}
