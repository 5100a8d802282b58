/**
 * What was made and is known: certificates by name, as the files and the manifest ask for them.
 *
 * @module
 */

import { compareDer } from "../asn1/der-writer.ts";
import type { FixtureCertificate } from "../manifest.ts";
import type { BuiltCertificate } from "../x509/certificate.ts";
import type { KeySource } from "./certificate-plan.ts";
import { notDer } from "./certificate-rarities.ts";
import { buildCrlRarity, crlRarities, type NamedRevocationList } from "./crl-rarities.ts";
import { buildPopulation, type Inhabitant } from "./population.ts";
import { rarities } from "./rarities.ts";
import { buildRarity, type RareCertificate } from "./rarity.ts";
import { buildSigners, type Signer } from "./signers.ts";
import { buildTrustCertificates, type StagedCertificate } from "./trust-certificates.ts";

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
  /** One CRL for each rarity of CRLs, all of one issuer. */
  readonly rareCrls: readonly NamedRevocationList[];
  /** Certificates that are no DER inside. */
  readonly broken: readonly Uint8Array[];
  /** One certificate. Throws an Error if there is none of that name. */
  readonly find: (name: string) => Named;
  /** The name of the newest root of a publisher. */
  readonly rootOf: (publisher: string) => string;
  /** The known answers about all of them, by name. */
  readonly records: ReadonlyMap<string, FixtureCertificate>;
}

/** Makes every certificate, the signers included. */
export function buildCatalogue(keys: KeySource): Catalogue {
  const population = [...buildPopulation(keys).values()];
  const rootOf = (publisher: string): string => {
    const roots = population.filter(({ plan }) => plan.csca === publisher && plan.role === "csca");
    const newest = roots.toSorted((left, right) => left.plan.generation - right.plan.generation).at(-1);
    if (newest === undefined) throw new Error(`no CSCA ${publisher}`);
    return newest.plan.name;
  };

  const sound = (publisher = "xa-passport"): Inhabitant => {
    const root = population.find(({ plan }) => plan.name === rootOf(publisher));
    if (root === undefined) throw new Error("no root to make rarities of");
    return root;
  };
  const rare = rarities.map((rarity) => buildRarity(rarity, sound(rarity.publisher), keys));
  const broken = notDer.map((rarity) => buildRarity(rarity, sound(), keys).certificate.der);
  const signers = buildSigners(sound, keys);
  const staged = buildTrustCertificates((name) => {
    const found = population.find(({ plan }) => plan.name === name);
    if (found === undefined) throw new Error(`no CSCA certificate ${name}`);
    return found;
  }, keys);

  const records = [
    ...population.map(inhabitantRecord),
    ...rare.map(rareRecord),
    ...signers.map(signerRecord),
    ...staged.map(stagedRecord),
  ];
  const certificates = new Map([
    ...population.map(({ plan, certificate }) => [plan.name, certificate] as const),
    ...rare.map(({ name, certificate }) => [name, certificate] as const),
    ...[...signers, ...staged].map(({ name, certificate }) => [name, certificate] as const),
  ]);
  const find = (name: string): Named => {
    const certificate = certificates.get(name);
    if (certificate === undefined) throw new Error(`no certificate ${name}`);
    return { name, certificate };
  };
  return {
    world: population.filter(({ plan }) => plan.isListed),
    next: population.filter(({ plan }) => plan.isNext),
    rare: rare.map(({ name, certificate }) => ({ name, certificate })),
    rareCrls: crlRarities.map((rarity) => buildCrlRarity(rarity, find(rootOf("xa-passport")))),
    broken,
    find,
    rootOf,
    records: new Map(records.map((record) => [record.name, record])),
  };
}

/** Orders certificates as they stand in a SET OF in DER. */
export function inDerOrder(certificates: readonly Named[]): readonly Named[] {
  return certificates.toSorted((left, right) => compareDer(left.certificate.der, right.certificate.der));
}

function inhabitantRecord({ plan, certificate }: Inhabitant): FixtureCertificate {
  const { name, csca, generation, role, key, signerKey, oddities } = plan;
  return { name, csca, generation, role, key, signerKey, ...certificateFields(certificate), oddities };
}

function rareRecord({ name, rarity, certificate, root, key }: RareCertificate): FixtureCertificate {
  const { role = "csca", answers, id } = rarity;
  const { csca, generation } = root.plan;
  const signerKey = role === "csca" ? key : root.plan.key;
  return {
    name,
    csca,
    generation: role === "csca" ? generation : null,
    role,
    key,
    signerKey,
    ...certificateFields(certificate),
    ...answers,
    oddities: [id],
  };
}

function signerRecord({
  name,
  csca,
  role,
  key,
  signerKey,
  certificate,
  oddities,
}: Signer): FixtureCertificate {
  const fields = { name, csca, generation: null, role, key, signerKey } as const;
  return { ...fields, ...certificateFields(certificate), oddities };
}

function stagedRecord({
  name,
  csca,
  generation,
  role,
  key,
  signerKey,
  certificate,
  answers,
}: StagedCertificate): FixtureCertificate {
  const fields = { name, csca, generation, role, key, signerKey } as const;
  return { ...fields, ...certificateFields(certificate), ...answers, oddities: [] };
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
