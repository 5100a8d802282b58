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
import { type Extension, extensionsAt, readExtension, walkExtensions } from "../x509/extension.ts";
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
  const revocationDate = decodeTime(input, date, "TBSCertList.revokedCertificates.revocationDate").date;
  if (date.end === end) {
    return new RevokedCertificateView(input, serial, revocationDate, undefined, undefined, none);
  }

  const where = "TBSCertList.revokedCertificates.crlEntryExtensions";
  const extensions = expectElement(input, date.end, end, Tag.SEQUENCE, where);
  expectEnd(extensions.end, end, where);
  const findings: Finding[] = [];
  let reason: CrlReason | undefined;
  walkExtensions(input, extensions, where, findings, (type, _critical, extnValue) => {
    if (type === idCeCrlReasons) reason ??= readExtension(input, type, extnValue, decodeCrlReason, findings);
  });
  return new RevokedCertificateView(input, serial, revocationDate, extensions, reason, findings);
}

/** A class, unlike most here: there may be millions of these, and few whose extensions are ever looked at. */
class RevokedCertificateView implements RevokedCertificate {
  readonly revocationDate: Date;
  readonly reason: CrlReason | undefined;
  readonly findings: readonly Finding[];
  readonly #input: Uint8Array;
  readonly #serialNumber: Element;
  readonly #extensions: Element | undefined;

  constructor(
    input: Uint8Array,
    serialNumber: Element,
    revocationDate: Date,
    extensions: Element | undefined,
    reason: CrlReason | undefined,
    findings: readonly Finding[],
  ) {
    this.revocationDate = revocationDate;
    this.reason = reason;
    this.findings = findings;
    this.#input = input;
    this.#serialNumber = serialNumber;
    this.#extensions = extensions;
  }

  get serialNumber(): Uint8Array {
    return contentBytes(this.#input, this.#serialNumber);
  }

  get extensions(): readonly Extension[] {
    return this.#extensions === undefined
      ? []
      : extensionsAt(this.#input, this.#extensions, "TBSCertList.revokedCertificates.crlEntryExtensions", []);
  }
}

const path = "TBSCertList.revokedCertificates";
const none: readonly never[] = Object.freeze([]);
