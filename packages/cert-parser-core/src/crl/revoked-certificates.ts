/**
 * The entries of a CRL, RFC 5280 section 5.1.2.6: read while they are iterated, since there may be millions.
 *
 * ```asn1
 * revokedCertificates SEQUENCE OF SEQUENCE {
 *   userCertificate    CertificateSerialNumber,
 *   revocationDate     Time,
 *   crlEntryExtensions Extensions OPTIONAL }
 * ```
 *
 * @module
 */

import { idCeCrlReasons } from "../der/oids.ts";
import { contentBytes, type Element, expectElement, expectEnd, readElement } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { decodeTime } from "../der/time.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";
import type { Limits } from "../limits.ts";
import { type Extension, extensionsAt } from "../x509/extension.ts";
import { findExtension, readExtension } from "../x509/known-extensions.ts";
import { type CrlReason, decodeCrlReason } from "./crl-reason.ts";

/** One revoked certificate. */
export interface RevokedCertificate {
  /** Content octets of the INTEGER. */
  readonly serialNumber: Uint8Array;
  readonly revocationDate: Date;
  /** Undefined where none is given. */
  readonly reason: CrlReason | undefined;
  readonly extensions: readonly Extension[];
  readonly findings: readonly Finding[];
}

/** Reads every entry once, so that iterating them later cannot fail; gives their number. */
export function countRevokedCertificates(
  input: Uint8Array,
  list: Element | undefined,
  limits: Limits,
): number {
  if (list === undefined) return 0;
  let count = 0;
  for (let at = list.contentStart; at < list.end; count++) {
    if (count === limits.maxRevokedCertificates) {
      throw new CertParserError("LIMIT_EXCEEDED", `CRL has over ${limits.maxRevokedCertificates} entries`, {
        offset: at,
        path,
      });
    }
    const entry = expectElement(input, at, list.end, Tag.SEQUENCE, path);
    readEntry(input, entry);
    at = entry.end;
  }
  return count;
}

/** Yields the entries in the order of the CRL. */
export function* revokedCertificatesAt(
  input: Uint8Array,
  list: Element | undefined,
): Generator<RevokedCertificate, void, undefined> {
  if (list === undefined) return;
  for (let at = list.contentStart; at < list.end; ) {
    const entry = readElement(input, at, list.end);
    yield readEntry(input, entry);
    at = entry.end;
  }
}

function readEntry(input: Uint8Array, { contentStart, end }: Element): RevokedCertificate {
  const serial = expectElement(
    input,
    contentStart,
    end,
    Tag.INTEGER,
    "TBSCertList.revokedCertificates.userCertificate",
  );
  const date = readElement(input, serial.end, end);
  const { date: revocationDate } = decodeTime(input, date, "TBSCertList.revokedCertificates.revocationDate");
  const serialNumber = contentBytes(input, serial);
  if (date.end === end) {
    return { serialNumber, revocationDate, reason: undefined, extensions: none, findings: none };
  }

  const sequence = expectElement(
    input,
    date.end,
    end,
    Tag.SEQUENCE,
    "TBSCertList.revokedCertificates.crlEntryExtensions",
  );
  expectEnd(sequence.end, end, "TBSCertList.revokedCertificates.crlEntryExtensions");
  const findings: Finding[] = [];
  const extensions = extensionsAt(
    input,
    sequence,
    "TBSCertList.revokedCertificates.crlEntryExtensions",
    findings,
  );
  const reasonCode = findExtension(extensions, idCeCrlReasons);
  const reason = reasonCode && readExtension(input, reasonCode, decodeCrlReason, findings);
  return { serialNumber, revocationDate, reason, extensions, findings };
}

const path = "TBSCertList.revokedCertificates";
const none: readonly never[] = Object.freeze([]);
