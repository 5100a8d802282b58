/**
 * The one error this library throws.
 *
 * @module
 */

/** Stable error codes: branch on these, never on messages. */
export type CertParserErrorCode =
  /** A ZIP archive, or a member of it, is damaged. */
  | "ARCHIVE_MALFORMED"
  /** A member of a ZIP archive is encrypted, or compressed in a way that is not read here. */
  | "ARCHIVE_UNSUPPORTED"
  /** Text that should be base64 is not. */
  | "BASE64_SYNTAX"
  /** SignedData carries no content: a detached signature, or an envelope emptied on the way. */
  | "CMS_CONTENT_MISSING"
  /** The CMS content is of another type than the one asked for. */
  | "CMS_CONTENT_TYPE"
  /** A length is not in the shortest form (DER), or longer than this library reads. */
  | "DER_LENGTH"
  /** The bytes are not the ASN.1 structure they should be. */
  | "DER_SYNTAX"
  /** Bytes follow a value that should have been the last. */
  | "DER_TRAILING_DATA"
  /** An element claims more bytes than there are. */
  | "DER_TRUNCATED"
  /** The input is empty, or nothing that this library knows. */
  | "INPUT_UNRECOGNISED"
  /** A line or a change record of an LDIF file is not as RFC 2849 has it. */
  | "LDIF_SYNTAX"
  /** A ceiling of {@link Limits} was reached. */
  | "LIMIT_EXCEEDED";

/** Where and why parsing stopped. */
export interface CertParserErrorOptions {
  /** Byte offset in the input of the function that threw. */
  readonly offset?: number | undefined;
  /** The structure being read, in the standard's names, such as `SignedData.encapContentInfo`. */
  readonly path?: string;
  /** The error underneath, when a dependency raised one. */
  readonly cause?: unknown;
}

/** Thrown when the input as a whole cannot be used. */
export class CertParserError extends Error {
  override readonly name = "CertParserError";
  /** What went wrong, stable across versions. */
  readonly code: CertParserErrorCode;
  /** Byte offset in the input of the function that threw. */
  readonly offset: number | undefined;
  /** The structure being read, in the standard's names. */
  readonly path: string | undefined;

  constructor(code: CertParserErrorCode, message: string, options: CertParserErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.offset = options.offset;
    this.path = options.path;
  }
}
