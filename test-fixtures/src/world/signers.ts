/**
 * Certificates under the publishers' newest roots: signers of lists and of documents.
 *
 * @module
 */

import { idCeSubjectKeyIdentifier, idIcaoDeviationListSigningKey } from "../asn1/oids.ts";
import type { KeyPair, KeySpec } from "../crypto/key-pair.ts";
import type { FixtureCertificate } from "../manifest.ts";
import { type BuiltCertificate, buildCertificate, type CertificateOptions } from "../x509/certificate.ts";
import { extendedKeyUsage, withoutExtension } from "../x509/extension.ts";
import type { NameInput } from "../x509/name.ts";
import { documentSignerOptions, listSignerOptions } from "../x509/profiles.ts";
import type { KeySource } from "./certificate-plan.ts";
import { publishers } from "./cscas.ts";
import type { Inhabitant } from "./population.ts";

/** A signer's certificate, with what it was meant to be. */
export interface Signer {
  readonly name: string;
  readonly csca: string;
  readonly role: FixtureCertificate["role"];
  /** Names of the keys. */
  readonly key: string;
  readonly signerKey: string;
  readonly certificate: BuiltCertificate;
  readonly oddities: readonly string[];
}

/** Makes all of them. */
export function buildSigners(rootOf: (publisher: string) => Inhabitant, keys: KeySource): readonly Signer[] {
  return drafts.map((draft) => {
    const { name, csca, role, keySpec, oddities = [], change = (options) => options } = draft;
    const { key = name } = draft;
    const { plan, certificate: issuer } = rootOf(csca);
    const options = change(soundOptions(draft, issuer, keys(key, keySpec)));
    const algorithm = publishers[csca]?.algorithm;
    const certificate = buildCertificate({ ...options, ...(algorithm && { signatureAlgorithm: algorithm }) });
    return { name, csca, role, key, signerKey: plan.key, certificate, oddities };
  });
}

interface SignerDraft extends Pick<Signer, "name" | "csca" | "role"> {
  readonly commonName: string;
  readonly keySpec: KeySpec;
  /** Default: `name`. */
  readonly key?: string;
  /** Default: that of a list signer. */
  readonly serialNumber?: Uint8Array;
  readonly period?: Pick<CertificateOptions, "notBefore" | "notAfter">;
  readonly documentTypes?: readonly string[];
  readonly oddities?: readonly string[];
  readonly change?: (options: CertificateOptions) => CertificateOptions;
}

function soundOptions(draft: SignerDraft, issuer: BuiltCertificate, key: KeyPair): CertificateOptions {
  const { role, commonName, period = listPeriod, serialNumber = listSerial, documentTypes = ["P"] } = draft;
  const subject = withCommonName(issuer.subject, `${commonName} ${issuer.country}`);
  const profile = { issuer, subject, key, serialNumber, ...period };
  if (role === "dsc") return documentSignerOptions({ ...profile, documentTypes });
  const options = listSignerOptions(profile);
  if (role === "ml-signer") return options;
  const { extensions = [] } = options;
  return { ...options, extensions: [...extensions.slice(0, -1), deviationPurpose] };
}

/** The name with another common name. */
export function withCommonName(name: NameInput, value: string): NameInput {
  if (name instanceof Uint8Array) throw new Error("a publisher's name is known by its parts");
  return name.map((rdn) => ("type" in rdn && rdn.type === "CN" ? { ...rdn, value } : rdn));
}

function listSigner(csca: string, keySpec: KeySpec): SignerDraft {
  const name = `${csca.slice(0, 2)}-list-signer`;
  return { name, csca, role: "ml-signer", commonName: "Master List Signer", keySpec };
}

function documentSigner(name: string, draft: Omit<SignerDraft, "name" | "role" | "commonName">): SignerDraft {
  const { period = documentPeriod } = draft;
  const key = name.replace(/-\d+$/, "");
  return { commonName: "Document Signer", ...draft, name, key, role: "dsc", period };
}

const listSerial = Uint8Array.of(0x4d, 0x4c, 0x53, 0x20, 0x26);
const listPeriod = { notBefore: "2025-12-15T00:00:00Z", notAfter: "2027-03-14T23:59:59Z" };
const documentPeriod = { notBefore: "2026-03-01T00:00:00Z", notAfter: "2036-06-01T00:00:00Z" };
const deviationPurpose = extendedKeyUsage([idIcaoDeviationListSigningKey]);
const p256: KeySpec = { kind: "ec", curve: "P-256" };
const p384: KeySpec = { kind: "ec", curve: "P-384" };
const xaList = listSigner("xa-passport", p256);

/** Each publisher has one list signer; its key is of another size or curve than the root's where that makes sense. */
const drafts: readonly SignerDraft[] = [
  listSigner("aa-passport", { kind: "rsa", bits: 2048 }),
  listSigner("qm-passport", { kind: "rsa", bits: 3072 }),
  listSigner("qz-passport", p384),
  xaList,
  listSigner("xz-passport", { kind: "ec", curve: "P-521" }),
  listSigner("zz-passport", { kind: "ec", curve: "brainpoolP256r1" }),
  {
    ...xaList,
    name: "xa-list-signer-without-ski",
    key: xaList.name,
    serialNumber: Uint8Array.of(0x4d, 0x4c, 0x53, 0x20, 0x19),
    oddities: ["ski-absent"],
    change: ({ extensions = [], ...options }) => ({
      ...options,
      extensions: withoutExtension(extensions, idCeSubjectKeyIdentifier),
    }),
  },
  {
    name: "xa-deviation-list-signer",
    csca: "xa-passport",
    role: "dl-signer",
    commonName: "Deviation List Signer",
    keySpec: p256,
    serialNumber: Uint8Array.of(0x44, 0x4c, 0x53, 0x20, 0x26),
  },
  documentSigner("xa-document-signer-1", {
    csca: "xa-passport",
    keySpec: p256,
    serialNumber: Uint8Array.of(0x10, 0x01),
    documentTypes: ["P", "ID"],
  }),
  documentSigner("xa-document-signer-2", {
    csca: "xa-passport",
    keySpec: p256,
    serialNumber: Uint8Array.of(0x10, 0x02),
    period: { notBefore: "2026-06-01T00:00:00Z", notAfter: "2036-09-01T00:00:00Z" },
  }),
  documentSigner("aa-document-signer-1", {
    csca: "aa-passport",
    keySpec: { kind: "rsa", bits: 2048 },
    serialNumber: Uint8Array.of(0x20, 0x01),
  }),
  documentSigner("qz-document-signer-1", {
    csca: "qz-passport",
    keySpec: p384,
    serialNumber: Uint8Array.of(0x30, 0x01),
  }),
  documentSigner("qz-document-signer-2", {
    csca: "qz-passport",
    keySpec: p384,
    serialNumber: Uint8Array.of(0x30, 0x02),
    period: { notBefore: "2026-06-01T00:00:00Z", notAfter: "2036-09-01T00:00:00Z" },
  }),
];
