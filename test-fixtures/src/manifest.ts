/**
 * What `files/manifest.json` and `files/certificates.json` hold: the known answers about every fixture.
 *
 * @module
 */

/** What a fixture is. `unreadable` ones must be refused as a whole. */
export type FixtureKind =
  | "master-list"
  | "bare-master-list"
  | "certificate"
  | "certificates"
  | "crl"
  | "ldif"
  | "zip"
  | "deviation-list"
  | "unreadable";

/** The known answers about all files, and what the oddities are. */
export interface FixtureManifest {
  /** How the elements of every certList but that of `unsorted.ml` are ordered: `der`, as X.690, 11.6 asks. */
  readonly certListOrder: "der";
  readonly files: readonly FixtureFile[];
  readonly oddities: readonly OddityDescription[];
}

/** A deviation or rarity of real certificates that some fixtures carry. */
export interface OddityDescription {
  readonly id: string;
  readonly description: string;
  /** Names of the certificates that carry it, over all files. */
  readonly certificates: readonly string[];
  /** For an oddity of CRLs: the SHA-256 of those that carry it, lower-case hex. */
  readonly revocationLists?: readonly string[];
}

/** One file. */
export interface FixtureFile {
  readonly name: string;
  readonly description: string;
  readonly kind: FixtureKind;
  /** Length, in bytes. */
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** For `master-list` and `bare-master-list`. */
  readonly list?: FixtureList;
  /** For `certificate`: the name of the certificate. */
  readonly certificate?: string;
  /** For `crl`, and for a list with CRLs in its envelope. */
  readonly revocationLists?: readonly FixtureRevocationList[];
  /** For `deviation-list`. */
  readonly deviationList?: FixtureDeviationList;
  /** For `certificates`, `ldif` and `zip`: what is left in it in the end, in the order of the file. */
  readonly parts?: readonly FixturePart[];
  /** For those too: names of the members and blocks that hold nothing to be read. */
  readonly skipped?: readonly string[];
  /** What is to be thought of it as it stands; of an archive, its lists have theirs. */
  readonly trust?: readonly FixtureVerdict[];
}

/** What verifying must come to where one certificate is trusted. */
export interface FixtureVerdict {
  /** The instant of the check, `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly now: string;
  /** Name of the one certificate that is trusted; `world.ml` holds it. */
  readonly anchor: string;
  /** Names of the lists that were accepted before, of other publishers: links may be taken from them. */
  readonly accepted: readonly string[];
  readonly outcome: "verified" | "refused";
  /** What must be among the reasons, and of a verified list all that is to be noted, as `JudgmentCode` names it. */
  readonly codes: readonly string[];
  /** Names of the certificates from the signer up to the anchor, over links if need be; empty where it is refused. */
  readonly path: readonly string[];
}

/** A part of a larger file: a PEM block, an entry of a directory, a member of an archive. */
export interface FixturePart {
  /**
   * The label of the block, the DN of the entry, or the name of the member; of members in members, all, parted by `!/`.
   * Null in a bundle, whose parts have no names.
   */
  readonly origin: string | null;
  /** Name of the certificate that it is. */
  readonly certificate?: string;
  /** The CRL that it is. */
  readonly revocationList?: FixtureRevocationList;
  /** The Master List that it is. */
  readonly list?: FixtureList;
  /** What the directory says of the entry. */
  readonly pkd?: FixturePkdAttributes;
  /** For a list: what is to be thought of it. */
  readonly trust?: readonly FixtureVerdict[];
}

/** Attributes of ICAO's directory. */
export interface FixturePkdAttributes {
  readonly version: number | null;
  readonly conformanceCodes: readonly string[];
  readonly conformanceTexts: readonly string[];
}

/** What stands in a Deviation List. */
export interface FixtureDeviationList {
  /** Dotted OID; null if there is none. */
  readonly digestAlgorithm: string | null;
  /** In the order of the list. */
  readonly deviations: readonly FixtureDeviation[];
  /** Names of the certificates beside the content, in the order of the file. */
  readonly envelope: readonly string[];
  readonly signers: readonly FixtureSigner[];
}

/** One deviation. Fields that the list leaves out are null. */
export interface FixtureDeviation {
  readonly documentType: string | null;
  readonly dscIdentifier: FixtureDocumentSigner | null;
  /** `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly firstIssued: string | null;
  /** `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly lastIssued: string | null;
  /** In the order of the list. */
  readonly documentNumbers: readonly string[] | null;
  /** In the order of the list. */
  readonly descriptions: readonly FixtureDeviationDescription[];
}

/** How a deviation names a document signer; hex is lower-case, `issuer` the DER of the name. */
export type FixtureDocumentSigner =
  | { readonly issuer: string; readonly serialNumber: string }
  | { readonly subjectKeyIdentifier: string }
  | { readonly certificateDigest: string };

/** One description of a deviation. Fields that the list leaves out are null. */
export interface FixtureDeviationDescription {
  readonly description: string | null;
  /** Dotted OID. */
  readonly deviationType: string;
  /** DER, lower-case hex. */
  readonly parameters: string | null;
  /** DER, lower-case hex. */
  readonly nationalUse: string | null;
}

/** What stands in a Master List. */
export interface FixtureList {
  /** Names of the certificates in list order; null stands for an element that is not a certificate. */
  readonly listed: readonly (string | null)[];
  /** Names of the certificates beside the content, in the order of the file. */
  readonly envelope: readonly string[];
  /** How many of `listed` can be read, duplicates included. */
  readonly certificates: number;
  /** Of them, how many differ. */
  readonly distinct: number;
  /** Upper-case country codes of the listed certificates, sorted; those without one add nothing. */
  readonly countries: readonly string[];
  readonly envelopeCertificates: number;
  readonly crls: number;
  /** Entries of all CRLs. */
  readonly revoked: number;
  /** How many elements of certList cannot be read. */
  readonly rejected: number;
  /** Empty for a list without CMS. */
  readonly signers: readonly FixtureSigner[];
}

/** One signerInfo. */
export interface FixtureSigner {
  /** Name of the signer's certificate. */
  readonly certificate: string;
  readonly sid: "subjectKeyIdentifier" | "issuerAndSerialNumber";
  /** Dotted OID. */
  readonly signatureAlgorithm: string;
  /** Dotted OID. */
  readonly digestAlgorithm: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`; null without signed attributes. */
  readonly signingTime: string | null;
}

/** The known answers about a CRL. */
export interface FixtureRevocationList {
  /** Lower-case hex. */
  readonly sha256: string;
  /** Name of the certificate whose key signed it. */
  readonly issuer: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly thisUpdate: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly nextUpdate: string | null;
  /** Content octets of the INTEGER, lower-case hex; null without the extension. */
  readonly crlNumber: string | null;
  /** Lower-case hex; null without the extension or without its keyIdentifier. */
  readonly authorityKeyIdentifier: string | null;
  /** Dotted OID. */
  readonly signatureAlgorithm: string;
  readonly revokedCertificates: readonly FixtureRevokedCertificate[];
}

/** The known answers about one entry of a CRL. */
export interface FixtureRevokedCertificate {
  /** Content octets of the INTEGER, lower-case hex. */
  readonly serialNumber: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly revocationDate: string;
  /** CRLReason as RFC 5280, 5.3.1 spells it; null where none is given. */
  readonly reason: string | null;
}

/** The known answers about one certificate, by what the builder meant it to be. */
export interface FixtureCertificate {
  /** Unique name, such as `xa-passport-2` or `xa-passport-2-link`. */
  readonly name: string;
  /** Lower-case hex, of the DER. */
  readonly sha256: string;
  /** Length of the DER, in bytes. */
  readonly bytes: number;
  /** The CSCA that it belongs to, such as `xa-passport`. */
  readonly csca: string;
  /** Which of the CSCA's keys it certifies, from 1; null for a signer. */
  readonly generation: number | null;
  /**
   * What it was built as. A link certificate without AKI under one name (`aki-absent-in-link`) looks like a root to
   * whoever does not check the signature.
   */
  readonly role: "csca" | "link" | "ml-signer" | "dsc" | "dl-signer" | "vds-signer";
  /** Key of the subject: `files/keys/KEY.pem`. */
  readonly key: string;
  /** Key that signed it: `files/keys/SIGNER_KEY.pem`. */
  readonly signerKey: string;
  /** Content octets of the INTEGER, lower-case hex. */
  readonly serialNumber: string;
  /** countryName of the subject in upper case, as many letters as written; null if there is none. */
  readonly country: string | null;
  /** `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly notBefore: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly notAfter: string;
  /** Lower-case hex; null without the extension. */
  readonly subjectKeyIdentifier: string | null;
  /** Lower-case hex; null without the extension. */
  readonly authorityKeyIdentifier: string | null;
  /** Dotted OID. */
  readonly signatureAlgorithm: string;
  /** Dotted OID. */
  readonly publicKeyAlgorithm: string;
  /** Length of the modulus or of the field, in bits. */
  readonly publicKeySize: number;
  /** `P-256` and so on; null for RSA, and for explicit parameters that are no known curve's. */
  readonly publicKeyCurve: string | null;
  /** Ids of the oddities that it carries. */
  readonly oddities: readonly string[];
}
