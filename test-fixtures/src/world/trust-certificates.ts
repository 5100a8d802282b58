/**
 * Certificates that the lists of `trust-files.ts` are signed with: a few signers more, and what a forger can make.
 *
 * @module
 */

import { idCeExtKeyUsage } from "../asn1/oids.ts";
import { alterCurve } from "../crypto/altered-curve.ts";
import { type EcKeyPair, type KeyPair, type KeySpec, keyIdentifier } from "../crypto/key-pair.ts";
import type { FixtureCertificate } from "../manifest.ts";
import { type BuiltCertificate, buildCertificate, type CertificateOptions } from "../x509/certificate.ts";
import { withoutExtension } from "../x509/extension.ts";
import { cscaOptions, linkOptions, listSignerOptions, type ProfileOptions } from "../x509/profiles.ts";
import type { KeySource } from "./certificate-plan.ts";
import type { Inhabitant } from "./population.ts";
import { withCommonName } from "./signers.ts";

/** A certificate, with what it was meant to be. */
export interface StagedCertificate
  extends Pick<FixtureCertificate, "name" | "csca" | "generation" | "role" | "key" | "signerKey"> {
  readonly certificate: BuiltCertificate;
  /** Known answers that are not those of its key. */
  readonly answers?: Partial<FixtureCertificate>;
}

/** Makes all of them. */
export function buildTrustCertificates(
  find: (name: string) => Inhabitant,
  keys: KeySource,
): readonly StagedCertificate[] {
  return [...publisherSigners(find, keys), ...forgeries(find, keys)];
}

/** List signers that CSCAs of the world did issue, good or not. */
function publisherSigners(find: (name: string) => Inhabitant, keys: KeySource): readonly StagedCertificate[] {
  const xa = find("xa-passport-3");
  const xaKey = keys("xa-list-signer", p256);
  return [
    listSigner(find("qz-passport-1"), {
      name: "qz-list-signer-1",
      key: keys("qz-list-signer-1", { kind: "ec", curve: "brainpoolP256r1" }),
      notBefore: "2024-05-15T00:00:00Z",
      notAfter: "2025-08-14T23:59:59Z",
    }),
    listSigner(xa, {
      name: "xa-list-signer-without-purpose",
      keyName: "xa-list-signer",
      key: xaKey,
      change: ({ extensions = [], ...options }) => ({
        ...options,
        extensions: withoutExtension(extensions, idCeExtKeyUsage),
      }),
    }),
    listSigner(xa, {
      name: "xa-list-signer-expired",
      keyName: "xa-list-signer",
      key: xaKey,
      notBefore: "2025-07-15T00:00:00Z",
      notAfter: "2026-05-31T23:59:59Z",
    }),
    listSigner(xa, {
      name: "xa-list-signer-exponent-3",
      key: keys("xa-list-signer-exponent-3", { kind: "rsa", bits: 3072, publicExponent: 3 }),
    }),
  ];
}

/** What whoever has no key of a CSCA's can make, and what whoever has stolen a retired one can. */
function forgeries(find: (name: string) => Inhabitant, keys: KeySource): readonly StagedCertificate[] {
  const [retired, genuine] = [find("xa-passport-1"), find("xa-passport-3")];
  const key = expectEc(keys("xa-rogue", p256));
  const rogue = { csca: "xa-rogue", generation: 1, key: "xa-rogue" } as const;
  const profile = { ...roguePeriod, subject: genuine.certificate.subject, key };
  const root: StagedCertificate = {
    ...rogue,
    name: "xa-rogue",
    role: "csca",
    signerKey: "xa-rogue",
    certificate: buildCertificate(cscaOptions({ ...profile, serialNumber: 0x666 })),
  };
  const link: StagedCertificate = {
    ...rogue,
    name: "xa-rogue-link",
    role: "link",
    signerKey: retired.plan.key,
    certificate: buildCertificate(
      linkOptions({ ...profile, serialNumber: 0x667, issuer: retired.certificate }),
    ),
  };
  const altered = alteredRoot(genuine, key);
  const signerKey = keys("xa-rogue-list-signer", p256);
  const signer = { keyName: "xa-rogue-list-signer", key: signerKey } as const;
  return [
    root,
    link,
    listSigner(root, { ...signer, name: "xa-rogue-list-signer" }),
    listSigner(root, {
      ...signer,
      name: "xa-decoy",
      serialNumber: 0x668,
      keyIdentifier: keyIdentifier(keys("xa-list-signer", p256)),
    }),
    altered,
    listSigner(altered, { ...signer, name: "xa-altered-list-signer", signerKey: "xa-rogue" }),
  ];
}

/** The genuine root in every field but for the generator of its curve, and the signature. */
function alteredRoot({ plan, certificate }: Inhabitant, forger: EcKeyPair): StagedCertificate {
  return {
    name: "xa-altered",
    csca: "xa-rogue",
    generation: 1,
    role: "csca",
    key: plan.key,
    signerKey: "xa-rogue",
    certificate: buildCertificate({
      ...plan.options,
      ...alterCurve(expectEc(certificate.key), forger),
    }),
    answers: { publicKeyCurve: null },
  };
}

interface SignerDraft extends Partial<Pick<ProfileOptions, "notBefore" | "notAfter" | "keyIdentifier">> {
  readonly name: string;
  readonly key: KeyPair;
  /** Default: `name`. */
  readonly keyName?: string;
  /** Default: that of the issuer's certificate. */
  readonly signerKey?: string;
  readonly serialNumber?: number;
  readonly change?: (options: CertificateOptions) => CertificateOptions;
}

function listSigner(issuer: Inhabitant | StagedCertificate, draft: SignerDraft): StagedCertificate {
  const { name, keyName = name, signerKey, change = (options) => options, ...fields } = draft;
  const { subject, country } = issuer.certificate;
  const { csca, key: issuerKey } = "plan" in issuer ? issuer.plan : issuer;
  const options = listSignerOptions({
    serialNumber: 0x4d4c53,
    ...listPeriod,
    ...fields,
    subject: withCommonName(subject, `Master List Signer ${country}`),
    issuer: issuer.certificate,
  });
  return {
    name,
    csca,
    generation: null,
    role: "ml-signer",
    key: keyName,
    signerKey: signerKey ?? issuerKey,
    certificate: buildCertificate(change(options)),
  };
}

function expectEc(key: KeyPair): EcKeyPair {
  if (key.kind === "ec") return key;
  throw new Error("expected a key on a curve");
}

const listPeriod = { notBefore: "2025-12-15T00:00:00Z", notAfter: "2027-03-14T23:59:59Z" };
// Years after the end of use of the retired key (2022-04-23), and before that of its certificate.
const roguePeriod = { notBefore: "2026-01-15T00:00:00Z", notAfter: "2031-01-14T23:59:59Z" };
const p256: KeySpec = { kind: "ec", curve: "P-256" };
