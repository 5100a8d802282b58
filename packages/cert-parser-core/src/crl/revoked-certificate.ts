/**
 * One entry of a CRL, RFC 5280 section 5.1.2.6.
 *
 * ```asn1
 * SEQUENCE {
 *   userCertificate    CertificateSerialNumber,
 *   revocationDate     Time,
 *   crlEntryExtensions Extensions OPTIONAL }
 * ```
 *
 * @module
 */

import {
  type Element,
  expectElement,
  expectEnd,
  type ReusedElement,
  readElement,
  reusedElement,
} from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { decodeTime, profiledTimeMs } from "../der/time.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";
import type { Limits } from "../limits.ts";
import { type Extension, extensionsAt } from "../x509/extension.ts";
import type { GeneralName } from "../x509/general-name.ts";
import { noteIntegerForm } from "../x509/integer-form.ts";
import { readTime } from "../x509/tbs-certificate.ts";
import type { CrlReason } from "./crl-reason.ts";
import {
  certificateIssuerAt,
  type EntryExtensions,
  entryExtensionsAt,
  entryExtensionsPath,
  loneReasonAt,
} from "./entry-extensions.ts";

/** One revoked certificate. Its fields are read anew each time they are asked for. */
export interface RevokedCertificate {
  /** Content octets of the INTEGER. */
  readonly serialNumber: Uint8Array;
  readonly revocationDate: Date;
  /** Undefined where none is given. */
  readonly reason: CrlReason | undefined;
  /** When the key is thought to have become known, or the certificate invalid; undefined where that is not said. */
  readonly invalidityDate: Date | undefined;
  /**
   * Who issued the certificate, in an indirect CRL: what this entry says, or the last one before it that said so.
   * Undefined where none has: it is then the CRL's issuer.
   */
  readonly certificateIssuer: readonly GeneralName[] | undefined;
  readonly extensions: readonly Extension[];
  readonly findings: readonly Finding[];
}

/** What all entries of a CRL are read with. */
export interface EntryReading {
  readonly input: Uint8Array;
  readonly limits: Limits;
}

/** Where the fields of an entry are, read into again for the next. */
export interface EntryFrame {
  readonly entry: ReusedElement;
  readonly userCertificate: ReusedElement;
  readonly revocationDate: ReusedElement;
  /** That of an earlier entry where {@link hasExtensions} says no. */
  readonly crlEntryExtensions: ReusedElement;
}

/** Makes a frame to be read into. */
export function entryFrame(): EntryFrame {
  return {
    entry: reusedElement(),
    userCertificate: reusedElement(),
    revocationDate: reusedElement(),
    crlEntryExtensions: reusedElement(),
  };
}

/** Reads where the fields of the entry at `start` are. */
export function frameEntry(input: Uint8Array, start: number, limit: number, into: EntryFrame): void {
  const { entry, userCertificate, revocationDate } = into;
  expectElement(input, start, limit, Tag.SEQUENCE, entriesPath, entry);
  const { end } = entry;
  expectElement(input, entry.contentStart, end, Tag.INTEGER, userCertificatePath, userCertificate);
  readElement(input, userCertificate.end, end, revocationDate);
  if (revocationDate.end === end) return;
  const extensions = into.crlEntryExtensions;
  expectElement(input, revocationDate.end, end, Tag.SEQUENCE, entryExtensionsPath, extensions);
  expectEnd(extensions.end, end, entryExtensionsPath);
}

/** Tells whether the entry has crlEntryExtensions. */
export function hasExtensions({ entry, revocationDate }: EntryFrame): boolean {
  return revocationDate.end !== entry.end;
}

/** Tells whether there is nothing to say of an entry but its serial number, date and reason: so with nearly all. */
export function isPlainEntry(input: Uint8Array, frame: EntryFrame): boolean {
  const { userCertificate, revocationDate } = frame;
  return (
    isPlainSerialNumber(input, userCertificate) &&
    revocationDate.tag === Tag.UTC_TIME &&
    profiledTimeMs(input, revocationDate) !== undefined &&
    (!hasExtensions(frame) || loneReasonAt(input, frame.crlEntryExtensions) !== undefined)
  );
}

/** Reads all of an entry, and notes in `findings` what is not as it should be; gives its extensions, if it has any. */
export function checkEntry(
  { input, limits }: EntryReading,
  frame: EntryFrame,
  findings: Finding[],
): EntryExtensions | undefined {
  checkSerialNumber(input, frame.userCertificate, findings);
  readTime(input, frame.revocationDate, revocationDatePath, findings);
  if (!hasExtensions(frame)) return undefined;
  return entryExtensionsAt(input, frame.crlEntryExtensions, limits, findings);
}

/**
 * Views the entry in `frame`. `issuerStart` is where the extnValue of the certificateIssuer that holds for it starts, 0 for
 * none.
 */
export function revokedCertificateIn(
  reading: EntryReading,
  frame: EntryFrame,
  issuerStart: number,
): RevokedCertificate {
  return new RevokedCertificateView(reading, frame, issuerStart);
}

/** Positive, in the shortest form, of at most 20 octets. */
function isPlainSerialNumber(input: Uint8Array, { contentStart, end }: Element): boolean {
  const octets = end - contentStart;
  if (octets === 0 || octets > 20) return false;
  const first = input[contentStart] as number;
  return first === 0 ? octets > 1 && (input[contentStart + 1] as number) >= 0x80 : first < 0x80;
}

function checkSerialNumber(input: Uint8Array, element: Element, findings: Finding[]): void {
  const { start, contentStart, end } = element;
  if (contentStart === end) {
    throw new CertParserError("DER_SYNTAX", "userCertificate is empty", {
      offset: start,
      path: userCertificatePath,
    });
  }
  if (isPlainSerialNumber(input, element)) return;
  const note = (code: Finding["code"], message: string) =>
    findings.push({ code, message, offset: start, clause: "RFC 5280, 4.1.2.2" });
  const octets = end - contentStart;
  if (isZero(input, element)) note("SERIAL_ZERO", "userCertificate is zero");
  if ((input[contentStart] as number) >= 0x80) note("SERIAL_NEGATIVE", "userCertificate is negative");
  if (octets > 20) note("SERIAL_TOO_LONG", `userCertificate is ${octets} octets long, over 20`);
  noteIntegerForm(input, element, "userCertificate", findings);
}

function isZero(input: Uint8Array, { contentStart, end }: Element): boolean {
  let at = contentStart;
  while (at < end && input[at] === 0) at++;
  return at === end;
}

/** A class, unlike most here: there may be millions of these, and few of their fields are ever looked at. */
class RevokedCertificateView implements RevokedCertificate {
  readonly #reading: EntryReading;
  readonly #start: number;
  readonly #serialStart: number;
  readonly #serialEnd: number;
  readonly #end: number;
  readonly #issuerStart: number;

  constructor(reading: EntryReading, frame: EntryFrame, issuerStart: number) {
    this.#reading = reading;
    this.#start = frame.entry.start;
    this.#end = frame.entry.end;
    this.#serialStart = frame.userCertificate.contentStart;
    this.#serialEnd = frame.userCertificate.end;
    this.#issuerStart = issuerStart;
  }

  get serialNumber(): Uint8Array {
    return this.#reading.input.subarray(this.#serialStart, this.#serialEnd);
  }

  get revocationDate(): Date {
    return decodeTime(this.#reading.input, this.#dateElement(), revocationDatePath).date;
  }

  get reason(): CrlReason | undefined {
    const extensions = this.#extensionsElement();
    if (extensions === undefined) return undefined;
    const { input, limits } = this.#reading;
    return loneReasonAt(input, extensions) ?? entryExtensionsAt(input, extensions, limits, []).reason;
  }

  get invalidityDate(): Date | undefined {
    const extensions = this.#extensionsElement();
    const { input, limits } = this.#reading;
    return extensions && entryExtensionsAt(input, extensions, limits, []).invalidityDate;
  }

  get certificateIssuer(): readonly GeneralName[] | undefined {
    const { input, limits } = this.#reading;
    return this.#issuerStart === 0 ? undefined : certificateIssuerAt(input, this.#issuerStart, limits);
  }

  get extensions(): readonly Extension[] {
    const extensions = this.#extensionsElement();
    return extensions ? extensionsAt(this.#reading.input, extensions, entryExtensionsPath, []) : none;
  }

  get findings(): readonly Finding[] {
    const { input } = this.#reading;
    const frame = entryFrame();
    frameEntry(input, this.#start, this.#end, frame);
    if (isPlainEntry(input, frame)) return none;
    const findings: Finding[] = [];
    checkEntry(this.#reading, frame, findings);
    return findings;
  }

  #dateElement(): Element {
    return readElement(this.#reading.input, this.#serialEnd, this.#end);
  }

  #extensionsElement(): Element | undefined {
    const { end } = this.#dateElement();
    return end === this.#end ? undefined : readElement(this.#reading.input, end, this.#end);
  }
}

export const entriesPath = "TBSCertList.revokedCertificates";
const userCertificatePath = "TBSCertList.revokedCertificates.userCertificate";
const revocationDatePath = "TBSCertList.revokedCertificates.revocationDate";
const none: readonly never[] = Object.freeze([]);
