/**
 * Builds a bundle of certificates and CRLs: the degenerate SignedData of RFC 5652, 5.2, without content and signers.
 *
 * @module
 */

import { idData } from "../asn1/oids.ts";
import { buildSignedData, type SignedDataOptions } from "./signed-data.ts";

/** What goes into a bundle. */
export type CertificateBundleOptions = Pick<SignedDataOptions, "certificates" | "crls" | "encoding">;

/** A `.p7b`, in DER or in BER. */
export function buildCertificateBundle(options: CertificateBundleOptions): Uint8Array {
  return buildSignedData({ ...options, contentType: idData, signers: [], version: 1 });
}
