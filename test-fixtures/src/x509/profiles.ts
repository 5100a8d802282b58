/**
 * The certificates of Doc 9303-12 as options for `buildCertificate`: conformant, each field yours to change.
 *
 * @module
 */

import { idIcaoCscaMasterListSigningKey } from "../asn1/oids.ts";
import type { TimeInput } from "../asn1/time.ts";
import { timeValue } from "../asn1/time.ts";
import { type KeyPair, keyIdentifier } from "../crypto/key-pair.ts";
import type { Authority, CertificateOptions } from "./certificate.ts";
import * as ext from "./extension.ts";
import { countryOf, type NameInput } from "./name.ts";

/** What the profiles need to know of a certificate. */
export interface ProfileOptions {
  readonly subject: NameInput;
  readonly key: KeyPair;
  readonly notBefore: TimeInput;
  readonly notAfter: TimeInput;
  readonly serialNumber?: bigint | number | Uint8Array;
  /** Default: SHA-1 of the public key. */
  readonly keyIdentifier?: Uint8Array;
  /** End of the private key usage period. Default: `notAfter`. */
  readonly keyNotAfter?: string;
}

/** A self-signed CSCA certificate: the root of Table 6. */
export function cscaOptions(options: ProfileOptions): CertificateOptions {
  const own: Authority = { ...options, keyIdentifier: identifierOf(options) };
  return { ...subjectFields(options), extensions: authorityExtensions(options, own) };
}

/** A link certificate: the new key of a CSCA, signed by the old one. */
export function linkOptions(options: ProfileOptions & { readonly issuer: Authority }): CertificateOptions {
  return { ...issuedFields(options), extensions: authorityExtensions(options, options.issuer) };
}

/** A Master List signer: digitalSignature, and the key purpose of Doc 9303-12 as a critical extension. */
export function listSignerOptions(
  options: ProfileOptions & { readonly issuer: Authority },
): CertificateOptions {
  const purpose = ext.extendedKeyUsage([idIcaoCscaMasterListSigningKey]);
  return { ...issuedFields(options), extensions: [...signerExtensions(options), purpose] };
}

/** A Document Signer certificate for the given document types, such as `P` and `ID`. */
export function documentSignerOptions(
  options: ProfileOptions & { readonly issuer: Authority; readonly documentTypes?: readonly string[] },
): CertificateOptions {
  const { documentTypes = ["P"] } = options;
  return {
    ...issuedFields(options),
    extensions: [...signerExtensions(options), ext.documentTypeList(documentTypes)],
  };
}

function issuedFields(options: ProfileOptions & { readonly issuer: Authority }): CertificateOptions {
  const { issuer } = options;
  return { ...subjectFields(options), issuer: issuer.subject, signer: issuer.key };
}

function subjectFields(options: ProfileOptions): CertificateOptions {
  const { subject, key, notBefore, notAfter, serialNumber } = options;
  return { subject, key, notBefore, notAfter, ...(serialNumber !== undefined && { serialNumber }) };
}

function authorityExtensions(options: ProfileOptions, issuer: Authority): readonly ext.Extension[] {
  return [
    ext.authorityKeyIdentifier({ keyIdentifier: issuer.keyIdentifier }),
    ext.subjectKeyIdentifier(identifierOf(options)),
    ext.keyUsage(["keyCertSign", "cRLSign"]),
    usagePeriod(options),
    ext.subjectAltName(alternativeNames(options.subject)),
    ext.issuerAltName(alternativeNames(issuer.subject)),
    ext.basicConstraints({ pathLength: 0 }),
    distributionPoints(issuer.subject),
  ];
}

function signerExtensions(
  options: ProfileOptions & { readonly issuer: Authority },
): readonly ext.Extension[] {
  return [
    ext.authorityKeyIdentifier({ keyIdentifier: options.issuer.keyIdentifier }),
    ext.subjectKeyIdentifier(identifierOf(options)),
    ext.keyUsage(["digitalSignature"]),
    usagePeriod(options),
    ext.subjectAltName(alternativeNames(options.subject)),
    ext.issuerAltName(alternativeNames(options.issuer.subject)),
    distributionPoints(options.issuer.subject),
  ];
}

function usagePeriod({ notBefore, notAfter, keyNotAfter }: ProfileOptions): ext.Extension {
  return ext.privateKeyUsagePeriod({
    notBefore: timeValue(notBefore),
    notAfter: keyNotAfter ?? timeValue(notAfter),
  });
}

function identifierOf(options: ProfileOptions): Uint8Array {
  return options.keyIdentifier ?? keyIdentifier(options.key);
}

/** The three-letter code of the MRZ stands in the alternative names (Doc 9303-12, Table 6); `.example` is RFC 2606. */
function alternativeNames(name: NameInput): readonly ext.GeneralNameInput[] {
  const code = threeLetterCode(name);
  const locality = { type: "L", value: code, string: "printableString" } as const;
  return [{ email: `csca@${code.toLowerCase()}.example` }, { directory: [locality] }];
}

function distributionPoints(name: NameInput): ext.Extension {
  return ext.crlDistributionPoints([{ uri: `https://pkd.example/CRLs/${threeLetterCode(name)}.crl` }]);
}

/** ISO 3166-1 keeps AAA to AAZ, QMA to QZZ, XAA to XZZ and ZZA to ZZZ for users, as it keeps the two letters. */
function threeLetterCode(name: NameInput): string {
  return `${countryOf(name) ?? "ZZ"}A`.slice(0, 3);
}
