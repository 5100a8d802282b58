/**
 * Small worlds of CSCAs for tests of trust, made by the builders of the fixtures.
 *
 * @module
 */

import {
  type Authority,
  type BuiltCertificate,
  buildCertificate,
  buildRevocationList,
  type CertificateOptions,
  cscaOptions,
  documentSignerOptions,
  generateKeyPair,
  type KeyPair,
  linkOptions,
  type NameInput,
  type ProfileOptions,
  type RevocationListOptions,
} from "../../../../test-fixtures/src/builders.ts";
import { parseRevocationList, type RevocationList } from "../../src/crl/revocation-list.ts";
import { createNodeEngine } from "../../src/signatures/node-engine.ts";
import type { SignatureEngine } from "../../src/signatures/signature-engine.ts";
import { type Certificate, parseCertificate } from "../../src/x509/certificate.ts";

/** A certificate as it was built, and as it is read. */
export interface Made {
  readonly built: BuiltCertificate;
  readonly certificate: Certificate;
}

/** What may differ from the usual certificate of a CSCA, a link or a signer. */
export type Changes = Partial<ProfileOptions> & {
  readonly change?: (options: CertificateOptions) => CertificateOptions;
};

/** Fast where the runtime is. */
export const engine: SignatureEngine = createNodeEngine();

/** A new key on P-256. */
export function makeKey(): KeyPair {
  return generateKeyPair({ kind: "ec", curve: "P-256" });
}

/** `C=…,CN=…`. */
export function nameOf(country: string, commonName = "CSCA"): NameInput {
  return [
    { type: "C", value: country },
    { type: "CN", value: commonName },
  ];
}

/** A self-signed CSCA of Utopia, 2020 to 2035, whose key signs until 2025. */
export function makeRoot(changes: Changes = {}): Made {
  return make(cscaOptions({ ...cscaDefaults(), ...changes }), changes);
}

/** A certificate of a new key, 2024 to 2039, signed by another CSCA key. */
export function makeLink(issuer: Made, changes: Changes = {}): Made {
  const options = { ...cscaDefaults(), ...linkTimes, subject: issuer.built.subject, ...changes };
  return make(linkOptions({ ...options, issuer: issuer.built }), changes);
}

/** A Document Signer certificate, 2022 to 2032, whose key signs until 2022-03. */
export function makeSigner(issuer: Authority, changes: Changes = {}): Made {
  const options = {
    ...signerTimes,
    subject: nameOf("UT", "Signer"),
    key: makeKey(),
    serialNumber: 77,
    ...changes,
  };
  return make(documentSignerOptions({ ...options, issuer }), changes);
}

/** A CRL, 2024-06-01 to 2024-08-30. */
export function makeCrl(issuer: Authority, changes: Partial<RevocationListOptions> = {}): RevocationList {
  const dates = { thisUpdate: "2024-06-01T00:00:00Z", nextUpdate: "2024-08-30T00:00:00Z" };
  return parseRevocationList(buildRevocationList({ issuer, ...dates, ...changes }).der);
}

/** The same key and name, under no other certificate's identifier. */
export function sameAuthority({ built }: Made, changes: Partial<Authority> = {}): Authority {
  const { subject, key, keyIdentifier } = built;
  return { subject, key, keyIdentifier, ...changes };
}

function make(options: CertificateOptions, { change = (same) => same }: Changes): Made {
  const built = buildCertificate(change(options));
  return { built, certificate: parseCertificate(built.der) };
}

function cscaDefaults(): ProfileOptions {
  return {
    subject: nameOf("UT"),
    key: makeKey(),
    notBefore: "2020-01-01T00:00:00Z",
    notAfter: "2035-01-01T00:00:00Z",
    keyNotAfter: "2025-01-01T00:00:00Z",
    serialNumber: serial++,
  };
}

const linkTimes = {
  notBefore: "2024-01-01T00:00:00Z",
  notAfter: "2039-01-01T00:00:00Z",
  keyNotAfter: "2029-01-01T00:00:00Z",
} as const;
const signerTimes = {
  notBefore: "2022-01-01T00:00:00Z",
  notAfter: "2032-01-01T00:00:00Z",
  keyNotAfter: "2022-03-31T00:00:00Z",
} as const;
// CSCAs never use a serial number again.
let serial = 1000;
