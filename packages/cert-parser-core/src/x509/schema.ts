/**
 * The full schema object of a certificate or a CRL, for callers who want every field that X.509 has.
 *
 * @module
 */

import { CertificateList, Certificate as CertificateSchema } from "@peculiar/asn1-x509";
import { decode } from "../der/decode.ts";
import { type Limits, withDefaultLimits } from "../limits.ts";

/** Decodes a certificate to the schema object of `@peculiar/asn1-x509`. */
export function decodeCertificate(der: Uint8Array, limits?: Partial<Limits>): CertificateSchema {
  return decode(der, CertificateSchema, "Certificate", withDefaultLimits(limits));
}

/** Decodes a CRL to the schema object of `@peculiar/asn1-x509`. Its entries are all objects: mind the memory. */
export function decodeRevocationList(der: Uint8Array, limits?: Partial<Limits>): CertificateList {
  return decode(der, CertificateList, "CertificateList", withDefaultLimits(limits));
}
