/**
 * Which certificates there are: a root for each key of a CSCA, and the links between them.
 *
 * @module
 */

import { type KeyPair, type KeySpec, keyIdentifier } from "../crypto/key-pair.ts";
import type { Authority, CertificateOptions } from "../x509/certificate.ts";
import { cscaOptions, linkOptions } from "../x509/profiles.ts";
import { type GenerationOddity, generationOddities, type OddGeneration } from "./generation-oddities.ts";
import type { Odd } from "./oddity.ts";
import { drawBytes, drawNumber, drawWeighted } from "./random.ts";

/** A certificate on its way to be made. */
export interface CertificatePlan extends Odd {
  readonly csca: string;
  readonly generation: number;
  readonly role: "csca" | "link";
  /** Names of the keys. */
  readonly key: string;
  readonly signerKey: string;
  /** Whether the world list has it. */
  readonly isListed: boolean;
  /** Whether the next edition brings it. */
  readonly isNext: boolean;
  readonly options: CertificateOptions;
}

/** Finds a key by its name, or makes it. */
export type KeySource = (name: string, spec: KeySpec) => KeyPair;

/** Roots and links of all generations, as Doc 9303-12 wants them but for the oddities of names and keys. */
export function planCertificates(
  generations: readonly OddGeneration[],
  linksOfRollovers: Readonly<Record<string, boolean>>,
  keys: KeySource,
): readonly CertificatePlan[] {
  const byName = new Map(generations.map((generation) => [generation.name, generation]));
  return generations.flatMap((generation) => {
    const previous = byName.get(`${generation.csca}-${generation.number - 1}`);
    const root = planRoot(generation, keys);
    const isLinked = generation.isNext
      ? linksOfRollovers[generation.csca] === true
      : // Not every country publishes its links: the Dutch lists have none at all.
        drawNumber(`${generation.name}/linked`, 100) < 92;
    return previous === undefined || !isLinked ? [root] : [root, planLink(generation, previous, keys)];
  });
}

function planRoot(generation: OddGeneration, keys: KeySource): CertificatePlan {
  const { name, subject, notBefore, notAfter, keyNotAfter, profile } = generation;
  const { key, keyIdentifier } = authorityOf(generation, keys);
  const serialNumber = drawSerial(name, generation.number);
  const options = cscaOptions({
    subject,
    key,
    notBefore,
    notAfter,
    keyNotAfter,
    serialNumber,
    keyIdentifier,
  });
  return {
    ...commonFields(generation, generation),
    name,
    role: "csca",
    signerKey: name,
    options: withKeyFields(options, generation, profile.algorithm),
  };
}

function planLink(generation: OddGeneration, previous: OddGeneration, keys: KeySource): CertificatePlan {
  const name = `${generation.name}-link`;
  const { subject, notBefore, keyNotAfter } = generation;
  const { key, keyIdentifier } = authorityOf(generation, keys);
  const issuer = authorityOf(previous, keys);
  // Some end with the old root, some with the new one; both are seen.
  const notAfter = drawNumber(`${name}/end`, 2) === 0 ? previous.notAfter : generation.notAfter;
  const serialNumber = drawSerial(name, 64 + generation.number);
  const profile = { subject, key, notBefore, notAfter, keyNotAfter, serialNumber, keyIdentifier, issuer };
  return {
    ...commonFields(generation, previous),
    name,
    role: "link",
    signerKey: previous.name,
    options: withKeyFields(linkOptions(profile), generation, previous.profile.algorithm),
  };
}

function commonFields(
  subject: OddGeneration,
  issuer: OddGeneration,
): Pick<CertificatePlan, "csca" | "generation" | "key" | "isListed" | "isNext" | "oddities"> {
  const { csca, number: generation, name: key, isNext } = subject;
  return { csca, generation, key, isListed: !isNext, isNext, oddities: inheritedOddities(subject, issuer) };
}

/** The oddities of the keys on both sides, as far as they can be seen in a certificate between them. */
function inheritedOddities(subject: OddGeneration, issuer: OddGeneration): readonly string[] {
  const isSeen = ({ id, shows }: GenerationOddity) =>
    (shows !== "issuer" && subject.oddities.includes(id)) ||
    (shows !== "subject" && issuer.oddities.includes(id));
  return generationOddities.filter(isSeen).map(({ id }) => id);
}

function withKeyFields(
  options: CertificateOptions,
  { publicKeyEncoding }: OddGeneration,
  signatureAlgorithm: NonNullable<CertificateOptions["signatureAlgorithm"]>,
): CertificateOptions {
  return { ...options, publicKeyEncoding, signatureAlgorithm };
}

function authorityOf(generation: OddGeneration, keys: KeySource): Authority {
  const { name, subject, profile, keyIdentifier: method } = generation;
  const key = keys(name, profile.key);
  const identifier =
    method === "arbitrary" ? drawBytes(`${name}/key-identifier`, 20) : keyIdentifier(key, method);
  return { subject, key, keyIdentifier: identifier };
}

/** Positive, minimal, of 2 to 20 octets; `mark` keeps the short ones of a CSCA apart. */
function drawSerial(name: string, mark: number): Uint8Array {
  const length = drawWeighted(`${name}/serial-length`, [
    [2, 2],
    [4, 8],
    [3, 16],
    [1, 20],
  ]);
  const octets = drawBytes(`${name}/serial`, length);
  octets[0] = mark;
  return octets;
}
