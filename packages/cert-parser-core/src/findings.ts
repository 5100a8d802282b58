/**
 * What reading noticed, and what it could not read: the part that a whole list survives.
 *
 * @module
 */

import type { CertParserErrorCode } from "./errors.ts";

/** Stable codes of deviations that were read in spite of themselves. */
export type FindingCode =
  /** The parameters of a signature or key algorithm are not as its standard has them: NULL with ECDSA, none with RSA (RFC 4055, RFC 5758). */
  | "ALGORITHM_PARAMETERS"
  /** A member of a ZIP archive holds nothing that is read here. */
  | "ARCHIVE_MEMBER_SKIPPED"
  /** A signature or a key is said to end in the middle of an octet (RFC 5280, 4.1.1.3). */
  | "BIT_STRING_UNUSED_BITS"
  /** A BOOLEAN that is true is not written as FF (X.690, 11.1). */
  | "BOOLEAN_NOT_DER"
  /** A subject or a CRL issuer has no commonName (Doc 9303-12, Table 5). */
  | "COMMON_NAME_ABSENT"
  /** A name has no countryName (Doc 9303-12, Table 5). */
  | "COUNTRY_ABSENT"
  /** countryName is not in upper case (Doc 9303-12, Table 5). */
  | "COUNTRY_CASE"
  /** countryName is not of two letters (Doc 9303-12, Table 5). */
  | "COUNTRY_LENGTH"
  /** Issuer and subject name different countries (Doc 9303-12, Table 5). */
  | "COUNTRY_MISMATCH"
  /** A CRL has no authorityKeyIdentifier (RFC 5280, 5.2.1). */
  | "CRL_AUTHORITY_KEY_ABSENT"
  /** A CRL does not say when the next one comes (RFC 5280, 5.1.2.5). */
  | "CRL_NEXT_UPDATE_ABSENT"
  /** cRLNumber is absent, negative or longer than 20 octets (RFC 5280, 5.2.3). */
  | "CRL_NUMBER"
  /** revokedCertificates is there and empty, where it should be left out (RFC 5280, 5.1.2.6). */
  | "CRL_REVOKED_EMPTY"
  /** A default value is written out, where DER leaves it out (X.690, 11.5). */
  | "DEFAULT_ENCODED"
  /** A deviation is encoded in another way than Doc 9303-12, 10.2 has it. */
  | "DEVIATION_FORM"
  /** documentTypeList is encoded in another way than Doc 9303-12 has it. */
  | "DOCUMENT_TYPE_LIST_FORM"
  /** The same certificate stands in the list or file more than once. */
  | "DUPLICATE_CERTIFICATE"
  /** The same CRL stands in the file more than once. */
  | "DUPLICATE_CRL"
  /** The explicit parameters of a key leave out the cofactor (RFC 3279, 2.3.5 allows that, Doc 9303-12, 4.1.6 does not). */
  | "EC_COFACTOR_ABSENT"
  /** A key on an elliptic curve names its curve, where Doc 9303-12, 4.1.6 wants explicit parameters. */
  | "EC_CURVE_NAMED"
  /** The parameters of a key are not those of any known curve; the message says which differs from the nearest. */
  | "EC_PARAMETERS_UNRECOGNISED"
  /** The public point or the generator is compressed (Doc 9303-12, 4.1.6). */
  | "EC_POINT_COMPRESSED"
  /** The CMS of a Master List carries CRLs (Doc 9303-12, Table 18). */
  | "ENVELOPE_CRLS"
  /** An extension is critical and should not be, or the other way round (Doc 9303-12, Table 6). */
  | "EXTENSION_CRITICALITY"
  /** The same extension stands there more than once; the first counts (RFC 5280, 4.2). */
  | "EXTENSION_DUPLICATE"
  /** An extension is a SEQUENCE without elements, where one is the least (RFC 5280, 4.2.1). */
  | "EXTENSION_EMPTY"
  /** An extension could not be read and was passed over. */
  | "EXTENSION_MALFORMED"
  /** An extension is longer than `Limits.maxExtensionBytes`; it was not looked into, and its bytes are in `extensions`. */
  | "EXTENSION_TOO_LONG"
  /** A signature is over SHA-1 or MD5 (Doc 9303-12, 4.1.6). */
  | "HASH_WEAK"
  /** An INTEGER has more octets than it needs (X.690, 8.3.2). */
  | "INTEGER_NOT_MINIMAL"
  /** subjectKeyIdentifier holds the raw octets without the OCTET STRING around them. */
  | "KEY_IDENTIFIER_RAW"
  /** A key is shorter than Doc 9303-12, 4.1.6 wants: RSA below 3072 bits (2048 in document and list signers), elliptic curves below 224. */
  | "KEY_SIZE"
  /** keyUsage has other bits than the role asks for, or is absent (Doc 9303-12, Table 6). */
  | "KEY_USAGE_UNEXPECTED"
  /** A change record deletes or changes what the file does not hold: it is for the collection that the delta goes on top of. */
  | "LDIF_CHANGE_UNMATCHED"
  /** A line of an LDIF file could not be read and was passed over (RFC 2849). */
  | "LDIF_LINE_SKIPPED"
  /** A string in a name is of another type than Doc 9303-12 allows, or not in the character set of its type. */
  | "NAME_STRING"
  /** The envelope uses BER where DER is asked for (allowed in CMS, RFC 5652 section 2). */
  | "NON_DER_ENVELOPE"
  /** A PEM block is of a kind that is not read here, or holds nothing that is. */
  | "PEM_BLOCK_SKIPPED"
  /** Versions are missing between those of a delta, or between a delta and the collection below it. */
  | "PKD_VERSION_GAP"
  /** A delta of the directory is not newer than the collection that it is put on top of. */
  | "PKD_VERSION_OLD"
  /** A public key is not in the form that its algorithm asks for (RFC 3279, 2.3; RFC 5480, 2.2). */
  | "PUBLIC_KEY_MALFORMED"
  /** The public exponent of an RSA key is not 65537 (a small one makes careless verifiers forgeable). */
  | "RSA_EXPONENT"
  /** The serial number is negative (RFC 5280, 4.1.2.2). */
  | "SERIAL_NEGATIVE"
  /** The serial number is longer than 20 octets (RFC 5280, 4.1.2.2). */
  | "SERIAL_TOO_LONG"
  /** The serial number is zero (RFC 5280, 4.1.2.2). */
  | "SERIAL_ZERO"
  /** The elements of a SET OF are not in the order of DER (X.690, 11.6). */
  | "SET_OF_ORDER"
  /** `tbsCertificate.signature` and `signatureAlgorithm` differ (RFC 5280, 4.1.1.2). */
  | "SIGNATURE_ALGORITHM_MISMATCH"
  /** The signing time stands in no signed attribute, or in one that cannot be read. */
  | "SIGNING_TIME_MISSING"
  /** A time is in another form than RFC 5280, 4.1.2.5 asks for. */
  | "TIME_FORM"
  /** Bytes follow the outermost value; they were not read. */
  | "TRAILING_DATA"
  /** issuerUniqueID or subjectUniqueID is there (Doc 9303-12, Table 5). */
  | "UNIQUE_IDENTIFIER"
  /** A signer has unsigned attributes, where the profile allows none (Doc 9303-12, Table 19). */
  | "UNSIGNED_ATTRIBUTES"
  /** notAfter is before notBefore, or nextUpdate before thisUpdate. */
  | "VALIDITY_REVERSED"
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

/** Where in a file a certificate or a CRL stood: in a signed list, beside it, in a directory, or by itself. */
export type FoundIn = "list" | "envelope" | "ldif" | "file";

/** Which part of a larger file something was read from: a member of an archive, an entry of a directory, a PEM block. */
export interface Origin {
  /** Name of the member, DN of the entry, or label of the block; of members in members, all, parted by `!/`. */
  readonly name: string;
  /** Byte offset at which that part begins in what holds it. */
  readonly offset: number;
  /** What ICAO's directory says of the entry; undefined outside of LDIF. */
  readonly pkd?: PkdAttributes;
}

/** The attributes of an entry of ICAO's directory that tell of the certificate, CRL or list in it. */
export interface PkdAttributes {
  /** `pkdVersion`: the version of the collection that brought the entry; null where it does not say. */
  readonly version: number | null;
  /** `pkdConformanceCode`, such as `ERR:CSCA.CDP.14`. */
  readonly conformanceCodes: readonly string[];
  /** `pkdConformanceText`. */
  readonly conformanceTexts: readonly string[];
}

/** A certificate, a CRL, a deviation or a list that could not be read. Its neighbours were. */
export interface Rejection {
  readonly kind: "certificate" | "crl" | "deviation" | "list";
  readonly foundIn: FoundIn;
  /** Position among its kind where it was found, from 0. */
  readonly index: number;
  /** Byte offset of the rejected part in the input. */
  readonly offset: number;
  /** The part of the file that it stood in; undefined where the file is nothing else. */
  readonly origin: Origin | undefined;
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
