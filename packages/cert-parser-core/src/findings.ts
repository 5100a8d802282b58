/**
 * What reading noticed, and what it could not read: the part that a whole list survives.
 *
 * @module
 */

import type { CertParserErrorCode } from "./errors.ts";

/** Stable codes of deviations that were read in spite of themselves. */
export type FindingCode =
  /** countryName is not in upper case (Doc 9303-12, Table 5). */
  | "COUNTRY_CASE"
  /** The same certificate stands in the list more than once. */
  | "DUPLICATE_CERTIFICATE"
  /** An extension could not be read and was passed over. */
  | "EXTENSION_MALFORMED"
  /** subjectKeyIdentifier holds the raw octets without the OCTET STRING around them. */
  | "KEY_IDENTIFIER_RAW"
  /** The envelope uses BER where DER is asked for (allowed in CMS, RFC 5652 section 2). */
  | "NON_DER_ENVELOPE"
  /** The serial number is negative (RFC 5280, 4.1.2.2). */
  | "SERIAL_NEGATIVE"
  /** The serial number is longer than 20 octets (RFC 5280, 4.1.2.2). */
  | "SERIAL_TOO_LONG"
  /** The serial number is zero (RFC 5280, 4.1.2.2). */
  | "SERIAL_ZERO"
  /** `tbsCertificate.signature` and `signatureAlgorithm` differ (RFC 5280, 4.1.1.2). */
  | "SIGNATURE_ALGORITHM_MISMATCH"
  /** The signing time stands in no signed attribute, or in one that cannot be read. */
  | "SIGNING_TIME_MISSING"
  /** A time is in another form than RFC 5280, 4.1.2.5 asks for. */
  | "TIME_FORM"
  /** Bytes follow the outermost value; they were not read. */
  | "TRAILING_DATA"
  /** A version number is not the one that the profile asks for. */
  | "VERSION_UNEXPECTED";

/** One deviation from the standards. Findings never stop reading. */
export interface Finding {
  readonly code: FindingCode;
  /** What was found, and what was expected. */
  readonly message: string;
  /** Byte offset in the input of the function that was called. */
  readonly offset: number;
  /** The clause that the input deviates from, such as `RFC 5280, 4.1.2.2`. */
  readonly clause: string;
}

/** Where in a file a certificate or a CRL stood. */
export type FoundIn = "list" | "envelope" | "ldif" | "file";

/** A certificate or a CRL that could not be read. Its neighbours were. */
export interface Rejection {
  readonly kind: "certificate" | "crl";
  readonly foundIn: FoundIn;
  /** Position among its kind where it was found, from 0. */
  readonly index: number;
  /** Byte offset of the rejected part in the input. */
  readonly offset: number;
  /** The exact bytes that were rejected. */
  readonly der: Uint8Array;
  /** SHA-256 of those bytes, lower-case hex. */
  readonly sha256: string;
  readonly reason: RejectionReason;
}

/** Why a part was rejected, with the place in the input. */
export interface RejectionReason {
  readonly code: CertParserErrorCode;
  readonly message: string;
  /** Byte offset in the input where reading stopped. */
  readonly offset: number;
  /** The structure being read, in the standard's names. */
  readonly path: string | undefined;
}
