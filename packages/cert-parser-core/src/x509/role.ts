/**
 * What a certificate is for, by its content: Doc 9303-12, Table 6.
 *
 * @module
 */

import { equalBytes } from "../bytes/compare.ts";
import {
  idIcaoDeviationListSigningKey,
  idIcaoDocumentTypeList,
  idIcaoMasterListSigningKey,
  idIcaoVdsSigningKey,
} from "../der/oids.ts";
import type { Certificate } from "./certificate.ts";
import { equalNames } from "./name.ts";

/** What a certificate is, as far as its content tells. Whether a `csca` signed itself, only its signature tells. */
export type CertificateRole = "csca" | "link" | "ml-signer" | "dsc" | "dl-signer" | "vds-signer" | "unknown";

/** Names the role of a certificate by its extensions and names. */
export function roleOf(certificate: Certificate): CertificateRole {
  if (isAuthority(certificate)) return isOwnAuthority(certificate) ? "csca" : "link";
  const purposes = certificate.extKeyUsage ?? [];
  if (purposes.includes(idIcaoMasterListSigningKey)) return "ml-signer";
  if (purposes.includes(idIcaoDeviationListSigningKey)) return "dl-signer";
  if (purposes.includes(idIcaoVdsSigningKey)) return "vds-signer";
  const { keyUsage } = certificate;
  if (certificate.extensions.some(({ type }) => type === idIcaoDocumentTypeList)) return "dsc";
  if (keyUsage?.includes("digitalSignature") && purposes.length === 0) return "dsc";
  return "unknown";
}

/**
 * cA or keyCertSign: eight to ten CSCAs of every list lack the one (Belgium, Italy, Ukraine), China's lack keyUsage. A
 * certificate with neither extension that names itself as its issuer is an old root.
 */
function isAuthority(certificate: Certificate): boolean {
  const { basicConstraints, keyUsage, extKeyUsage } = certificate;
  if (basicConstraints?.cA || keyUsage?.includes("keyCertSign")) return true;
  if (basicConstraints || keyUsage || extKeyUsage) return false;
  return equalNames(certificate.issuer, certificate.subject);
}

/** Its issuer is its own key: by the key identifiers where there are both, otherwise by the names. */
function isOwnAuthority(certificate: Certificate): boolean {
  const { subjectKeyIdentifier, authorityKeyIdentifier } = certificate;
  if (subjectKeyIdentifier && authorityKeyIdentifier)
    return equalBytes(subjectKeyIdentifier, authorityKeyIdentifier);
  return equalNames(certificate.issuer, certificate.subject);
}
