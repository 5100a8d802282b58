/**
 * Names as `openssl x509 -text` prints them: people know where to look for them.
 *
 * @module
 */

/** The name of an algorithm's OID; the OID itself where OpenSSL has none that we know. */
export function opensslAlgorithm(oid: string): string {
  return algorithms[oid] ?? oid;
}

/** The heading of an extension, by its name in the standards. */
export function opensslExtension(name: string | null, oid: string): string {
  return name === null ? oid : (extensions[name] ?? `${name} (${oid})`);
}

/** A bit of keyUsage, a purpose or a reason: words in place of its name; the name itself where we know none. */
export function opensslWords(name: string): string {
  return words[name] ?? name;
}

/** The names that OpenSSL has for curves, by those that the standards use. */
export function opensslCurve(curve: string): string {
  return curves[curve] ?? curve;
}

/** A time, from how records write it: `Oct  1 05:17:55 2024 GMT`. */
export function opensslTime(time: string): string {
  const [, year, month, day, clock] = /^(\d+)-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)Z$/.exec(time) ?? [];
  if (day === undefined) return time;
  return `${months[Number(month) - 1]} ${String(Number(day)).padStart(2)} ${clock} ${year} GMT`;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const algorithms: Readonly<Record<string, string>> = {
  "1.2.840.10040.4.1": "dsaEncryption",
  "1.2.840.10040.4.3": "dsaWithSHA1",
  "1.2.840.10045.2.1": "id-ecPublicKey",
  "1.2.840.10045.4.1": "ecdsa-with-SHA1",
  "1.2.840.10045.4.3.1": "ecdsa-with-SHA224",
  "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
  "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
  "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
  "1.2.840.113549.1.1.1": "rsaEncryption",
  "1.2.840.113549.1.1.4": "md5WithRSAEncryption",
  "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
  "1.2.840.113549.1.1.10": "rsassaPss",
  "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
  "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
  "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
  "1.2.840.113549.1.1.14": "sha224WithRSAEncryption",
  "1.3.101.112": "ED25519",
  "1.3.101.113": "ED448",
  "2.16.840.1.101.3.4.3.1": "dsa_with_SHA224",
  "2.16.840.1.101.3.4.3.2": "dsa_with_SHA256",
  "2.16.840.1.101.3.4.3.3": "dsa_with_SHA384",
  "2.16.840.1.101.3.4.3.4": "dsa_with_SHA512",
};

const extensions: Readonly<Record<string, string>> = {
  authorityInfoAccess: "Authority Information Access",
  authorityKeyIdentifier: "X509v3 Authority Key Identifier",
  basicConstraints: "X509v3 Basic Constraints",
  cRLDistributionPoints: "X509v3 CRL Distribution Points",
  cRLNumber: "X509v3 CRL Number",
  certificatePolicies: "X509v3 Certificate Policies",
  deltaCRLIndicator: "X509v3 Delta CRL Indicator",
  extKeyUsage: "X509v3 Extended Key Usage",
  freshestCRL: "X509v3 Freshest CRL",
  inhibitAnyPolicy: "X509v3 Inhibit Any Policy",
  issuerAltName: "X509v3 Issuer Alternative Name",
  issuingDistributionPoint: "X509v3 Issuing Distribution Point",
  keyUsage: "X509v3 Key Usage",
  nameConstraints: "X509v3 Name Constraints",
  "netscape-cert-type": "Netscape Cert Type",
  policyConstraints: "X509v3 Policy Constraints",
  policyMappings: "X509v3 Policy Mappings",
  privateKeyUsagePeriod: "X509v3 Private Key Usage Period",
  subjectAltName: "X509v3 Subject Alternative Name",
  subjectDirectoryAttributes: "X509v3 Subject Directory Attributes",
  subjectKeyIdentifier: "X509v3 Subject Key Identifier",
  // Of these OpenSSL knows no more than the OIDs.
  documentTypeList: "ICAO Document Type List",
  nameChange: "ICAO Name Change",
};

const words: Readonly<Record<string, string>> = {
  digitalSignature: "Digital Signature",
  nonRepudiation: "Non Repudiation",
  keyEncipherment: "Key Encipherment",
  dataEncipherment: "Data Encipherment",
  keyAgreement: "Key Agreement",
  keyCertSign: "Certificate Sign",
  cRLSign: "CRL Sign",
  encipherOnly: "Encipher Only",
  decipherOnly: "Decipher Only",
  anyExtendedKeyUsage: "Any Extended Key Usage",
  "id-kp-serverAuth": "TLS Web Server Authentication",
  "id-kp-clientAuth": "TLS Web Client Authentication",
  "id-kp-codeSigning": "Code Signing",
  "id-kp-emailProtection": "E-mail Protection",
  "id-kp-timeStamping": "Time Stamping",
  "id-kp-OCSPSigning": "OCSP Signing",
  "icao-mrtd-security-masterListSigningKey": "ICAO Master List Signing",
  "icao-mrtd-security-deviationListSigningKey": "ICAO Deviation List Signing",
  "icao-mrtd-security-vdsSigningKey": "ICAO Visible Digital Seal Signing",
  unspecified: "Unspecified",
  keyCompromise: "Key Compromise",
  cACompromise: "CA Compromise",
  affiliationChanged: "Affiliation Changed",
  superseded: "Superseded",
  cessationOfOperation: "Cessation Of Operation",
  certificateHold: "Certificate Hold",
  removeFromCRL: "Remove From CRL",
  privilegeWithdrawn: "Privilege Withdrawn",
  aACompromise: "AA Compromise",
  unused: "Unused",
};

const curves: Readonly<Record<string, string>> = {
  "P-192": "prime192v1",
  "P-224": "secp224r1",
  "P-256": "prime256v1",
  "P-384": "secp384r1",
  "P-521": "secp521r1",
};
