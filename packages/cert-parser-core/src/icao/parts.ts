/**
 * Reads the certificates and CRLs of a list one by one: a bad one is rejected, its neighbours are read.
 *
 * @module
 */

import type { Sha256 } from "../bytes/digest.ts";
import { type RevocationList, revocationListAt } from "../crl/revocation-list.ts";
import { type Element, expectElement, expectEnd } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { CertParserError } from "../errors.ts";
import type { FoundIn, Rejection } from "../findings.ts";
import type { Limits } from "../limits.ts";
import { type Certificate, certificateAt } from "../x509/certificate.ts";
import type { NameTable } from "../x509/name-table.ts";
import type { Part } from "../x509/part.ts";

/** How the parts of one object are read. */
export interface PartReading {
  readonly input: Uint8Array;
  readonly limits: Limits;
  readonly sha256: Sha256;
  readonly names: NameTable;
  /** Collects what could not be read. */
  readonly rejections: Rejection[];
}

/** Reads the certificates that `elements` frame. */
export function readCertificates(
  reading: PartReading,
  elements: readonly Element[],
  foundIn: FoundIn,
): readonly Certificate[] {
  const { input } = reading;
  return readParts(reading, elements, foundIn, "certificate", (element, part) => {
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
): readonly RevocationList[] {
  const { input, limits } = reading;
  return readParts(reading, elements, foundIn, "crl", (element, part) => {
    const crl = expectElement(input, element.start, element.end, Tag.SEQUENCE, "CertificateList");
    expectEnd(crl.end, element.end, "CertificateList");
    return revocationListAt(input, crl, part, limits);
  });
}

function readParts<T>(
  reading: PartReading,
  elements: readonly Element[],
  foundIn: FoundIn,
  kind: Rejection["kind"],
  read: (element: Element, part: Part) => T,
): readonly T[] {
  const { input, sha256, names, rejections } = reading;
  const parts: T[] = [];
  for (const [index, element] of elements.entries()) {
    try {
      parts.push(read(element, { foundIn, index, sha256, names }));
    } catch (error) {
      if (!(error instanceof CertParserError)) throw error;
      const der = input.subarray(element.start, element.end);
      rejections.push({
        kind,
        foundIn,
        index,
        offset: element.start,
        der,
        sha256: sha256(der),
        reason: {
          code: error.code,
          message: error.message,
          offset: error.offset ?? element.start,
          path: error.path,
        },
      });
    }
  }
  return parts;
}
