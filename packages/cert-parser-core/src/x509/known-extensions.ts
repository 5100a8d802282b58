/**
 * The extensions that are read with every certificate. One that is malformed costs itself, not the certificate.
 *
 * @module
 */

import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";
import {
  type BasicConstraints,
  decodeBasicConstraints,
  decodeExtKeyUsage,
  decodeKeyUsage,
  type KeyUsage,
} from "./certificate-extensions.ts";
import type { Extension } from "./extension.ts";
import { decodeAuthorityKeyIdentifier, decodeSubjectKeyIdentifier } from "./key-identifiers.ts";
import {
  idCeAuthorityKeyIdentifier,
  idCeBasicConstraints,
  idCeExtKeyUsage,
  idCeKeyUsage,
  idCeSubjectKeyIdentifier,
} from "./oids.ts";

/** What those extensions say; undefined for each that is absent or malformed. */
export interface KnownExtensions {
  readonly subjectKeyIdentifier: Uint8Array | undefined;
  readonly authorityKeyIdentifier: Uint8Array | undefined;
  readonly basicConstraints: BasicConstraints | undefined;
  readonly keyUsage: readonly KeyUsage[] | undefined;
  /** Dotted OIDs. */
  readonly extKeyUsage: readonly string[] | undefined;
}

/** Reads the extensions of a certificate; of one that stands there twice, the first counts. */
export function readKnownExtensions(extensions: readonly Extension[], findings: Finding[]): KnownExtensions {
  const read = <T>(type: string, decode: (value: Uint8Array) => T): T | undefined => {
    const extension = extensions.find((candidate) => candidate.type === type);
    return extension && readExtension(extension, decode, findings);
  };
  const subjectKey = read(idCeSubjectKeyIdentifier, decodeSubjectKeyIdentifier);
  if (subjectKey?.raw) {
    findings.push({
      code: "KEY_IDENTIFIER_RAW",
      message: "subjectKeyIdentifier holds its octets without an OCTET STRING around them",
      offset: extensions.find(({ type }) => type === idCeSubjectKeyIdentifier)?.offset ?? 0,
      clause: "RFC 5280, 4.2.1.2",
    });
  }
  return {
    subjectKeyIdentifier: subjectKey?.keyIdentifier,
    authorityKeyIdentifier: read(idCeAuthorityKeyIdentifier, decodeAuthorityKeyIdentifier),
    basicConstraints: read(idCeBasicConstraints, decodeBasicConstraints),
    keyUsage: read(idCeKeyUsage, decodeKeyUsage),
    extKeyUsage: read(idCeExtKeyUsage, decodeExtKeyUsage),
  };
}

/** Reads one extension; where it is malformed, notes that and gives undefined. */
export function readExtension<T>(
  extension: Extension,
  decode: (value: Uint8Array) => T,
  findings: Finding[],
): T | undefined {
  try {
    return decode(extension.value);
  } catch (error) {
    if (!(error instanceof CertParserError)) throw error;
    findings.push({
      code: "EXTENSION_MALFORMED",
      message: `extension ${extension.type} was passed over: ${error.message}`,
      offset: extension.offset + (error.offset ?? 0),
      clause: "RFC 5280, 4.2",
    });
    return undefined;
  }
}
