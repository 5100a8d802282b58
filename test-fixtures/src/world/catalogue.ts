/**
 * What was made and is known: certificates by name, as the files and the manifest ask for them.
 *
 * @module
 */

import { compareDer } from "../asn1/der-writer.ts";
import type { KeySpec } from "../crypto/key-pair.ts";
import type { FixtureCertificate } from "../manifest.ts";
import { type BuiltCertificate, buildCertificate } from "../x509/certificate.ts";
import { listSignerOptions } from "../x509/profiles.ts";
import type { KeySource } from "./certificate-plan.ts";
import { publishers } from "./cscas.ts";
import { buildPopulation, type Inhabitant } from "./population.ts";
import { buildRarity, notDer, rarities } from "./rarities.ts";

/** A certificate by its name. */
export interface Named {
  readonly name: string;
  readonly certificate: BuiltCertificate;
}

/** All certificates of the fixtures. */
export interface Catalogue {
  /** The CSCA certificates that the world list holds. */
  readonly world: readonly Inhabitant[];
  /** The CSCA certificates that come with the next edition. */
  readonly next: readonly Inhabitant[];
  /** One certificate for each rarity. */
  readonly rare: readonly Named[];
  /** Certificates that are no DER inside. */
  readonly broken: readonly Uint8Array[];
  /** One certificate. Throws an Error if there is none of that name. */
  readonly find: (name: string) => Named;
  /** The name of the newest root of a publisher. */
  readonly rootOf: (publisher: string) => string;
  /** The known answers about all of them, by name. */
  readonly records: ReadonlyMap<string, FixtureCertificate>;
}

/** Makes every certificate, the list signers included. */
export function buildCatalogue(keys: KeySource): Catalogue {
  const population = [...buildPopulation(keys).values()];
  const rootOf = (publisher: string): string => {
    const roots = population.filter(({ plan }) => plan.csca === publisher && plan.role === "csca");
    const newest = roots.toSorted((left, right) => left.plan.generation - right.plan.generation).at(-1);
    if (newest === undefined) throw new Error(`no CSCA ${publisher}`);
    return newest.plan.name;
  };

  const sound = population.find(({ plan }) => plan.name === rootOf("xa-passport"));
  if (sound === undefined) throw new Error("no root to make rarities of");
  const rare = rarities.map((rarity) => buildRarity(rarity, sound));
  const broken = notDer.map((rarity) => buildRarity(rarity, sound).certificate.der);

  const inhabitants = [...population, ...rare];
  const certificates = new Map(inhabitants.map(({ plan, certificate }) => [plan.name, certificate]));
  const records = new Map(
    inhabitants.map((inhabitant) => [inhabitant.plan.name, inhabitantRecord(inhabitant)]),
  );
  for (const [csca, key] of Object.entries(signerKeys)) {
    const issuer = rootOf(csca);
    const name = `${csca.slice(0, 2)}-list-signer`;
    const certificate = buildSigner(name, certificates.get(issuer), keys(name, key));
    certificates.set(name, certificate);
    records.set(name, signerRecord(name, csca, issuer, certificate));
  }

  const find = (name: string): Named => {
    const certificate = certificates.get(name);
    if (certificate === undefined) throw new Error(`no certificate ${name}`);
    return { name, certificate };
  };
  return {
    world: population.filter(({ plan }) => plan.isListed),
    next: population.filter(({ plan }) => plan.isNext),
    rare: rare.map(({ plan, certificate }) => ({ name: plan.name, certificate })),
    broken,
    find,
    rootOf,
    records,
  };
}

/** Orders certificates as they stand in a SET OF in DER. */
export function inDerOrder(certificates: readonly Named[]): readonly Named[] {
  return certificates.toSorted((left, right) => compareDer(left.certificate.der, right.certificate.der));
}

/** Each publisher has one list signer; its key is of another size or curve than the root's where that makes sense. */
const signerKeys: Readonly<Record<keyof typeof publishers, KeySpec>> = {
  "aa-passport": { kind: "rsa", bits: 2048 },
  "qm-passport": { kind: "rsa", bits: 3072 },
  "qz-passport": { kind: "ec", curve: "P-384" },
  "xa-passport": { kind: "ec", curve: "P-256" },
  "xz-passport": { kind: "ec", curve: "P-521" },
  "zz-passport": { kind: "ec", curve: "brainpoolP256r1" },
};

function buildSigner(
  name: string,
  issuer: BuiltCertificate | undefined,
  key: ReturnType<KeySource>,
): BuiltCertificate {
  if (issuer === undefined || issuer.subject instanceof Uint8Array) throw new Error(`no issuer for ${name}`);
  const subject = issuer.subject.map((rdn) =>
    "type" in rdn && rdn.type === "CN" ? { ...rdn, value: `Master List Signer ${issuer.country}` } : rdn,
  );
  const options = listSignerOptions({
    issuer,
    subject,
    key,
    notBefore: "2025-12-15T00:00:00Z",
    notAfter: "2027-03-14T23:59:59Z",
    serialNumber: Uint8Array.of(0x4d, 0x4c, 0x53, 0x20, 0x26),
  });
  const publisher = `${name.slice(0, 2)}-passport`;
  const profile = publishers[publisher];
  if (profile === undefined) throw new Error(`${publisher} is no publisher`);
  return buildCertificate({ ...options, signatureAlgorithm: profile.algorithm });
}

function inhabitantRecord({ plan, certificate }: Inhabitant): FixtureCertificate {
  const { name, csca, generation, role, key, signerKey, oddities } = plan;
  return { name, csca, generation, role, key, signerKey, ...certificateFields(certificate), oddities };
}

function signerRecord(
  name: string,
  csca: string,
  signerKey: string,
  certificate: BuiltCertificate,
): FixtureCertificate {
  const fields = { name, csca, generation: null, role: "ml-signer", key: name, signerKey } as const;
  return { ...fields, ...certificateFields(certificate), oddities: [] };
}

type CertificateFields = Omit<
  FixtureCertificate,
  "name" | "csca" | "generation" | "role" | "key" | "signerKey" | "oddities"
>;

function certificateFields(certificate: BuiltCertificate): CertificateFields {
  const { sha256, der, serialNumber, country, notBefore, notAfter, key } = certificate;
  const { subjectKeyIdentifier, authorityKeyIdentifier, signatureAlgorithm, publicKeyAlgorithm } =
    certificate;
  return {
    sha256,
    bytes: der.length,
    serialNumber,
    country,
    notBefore,
    notAfter,
    subjectKeyIdentifier,
    authorityKeyIdentifier,
    signatureAlgorithm,
    publicKeyAlgorithm,
    publicKeySize: key.bits,
    publicKeyCurve: key.kind === "ec" ? key.curve : null,
  };
}
