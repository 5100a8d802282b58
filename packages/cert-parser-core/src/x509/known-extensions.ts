/**
 * The extensions that are read with every certificate. One that is malformed costs itself, not the certificate.
 *
 * @module
 */

import {
  idCeAuthorityKeyIdentifier,
  idCeBasicConstraints,
  idCeExtKeyUsage,
  idCeKeyUsage,
  idCeSubjectKeyIdentifier,
} from "../der/oids.ts";
import type { Element } from "../der/reader.ts";
import type { Finding } from "../findings.ts";
import {
  type BasicConstraints,
  decodeBasicConstraints,
  decodeExtKeyUsage,
  decodeKeyUsage,
  type KeyUsage,
} from "./certificate-extensions.ts";
import { attempt, type Extension, type FramedExtension } from "./extension.ts";
import { decodeAuthorityKeyIdentifier, decodeSubjectKeyIdentifier } from "./key-identifiers.ts";

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
export function readKnownExtensions(
  input: Uint8Array,
  extensions: readonly FramedExtension[],
  findings: Finding[],
): KnownExtensions {
  const read = <T>(type: string, decode: ExtensionDecoder<T>): T | undefined => {
    const extension = findExtension(extensions, type);
    return extension && readExtension(input, extension, decode, findings);
  };
  const subjectKey = read(idCeSubjectKeyIdentifier, decodeSubjectKeyIdentifier);
  if (subjectKey?.raw) {
    findings.push({
      code: "KEY_IDENTIFIER_RAW",
      message: "subjectKeyIdentifier holds its octets without an OCTET STRING around them",
      offset: findExtension(extensions, idCeSubjectKeyIdentifier)?.offset ?? 0,
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

/** Reads the extnValue of one extension. Offsets in its errors are offsets in `input`. */
export type ExtensionDecoder<T> = (input: Uint8Array, extnValue: Element) => T;

/** The first extension of this type. */
export function findExtension<E extends Extension>(extensions: readonly E[], type: string): E | undefined {
  for (const extension of extensions) if (extension.type === type) return extension;
  return undefined;
}

/** Reads one extension; where it is malformed, notes that and gives undefined. */
export function readExtension<T>(
  input: Uint8Array,
  { element, type }: FramedExtension,
  decode: ExtensionDecoder<T>,
  findings: Finding[],
): T | undefined {
  return attempt(findings, type, element.contentStart, () => decode(input, element));
}
