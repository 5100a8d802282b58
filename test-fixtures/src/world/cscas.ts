/**
 * The invented CSCAs and the generations of their keys.
 *
 * @module
 */

import { toTimeString } from "../asn1/time.ts";
import type { KeySpec } from "../crypto/key-pair.ts";
import type { PublicKeyEncoding } from "../crypto/public-key-info.ts";
import type { SignatureAlgorithm } from "../crypto/signature.ts";
import type { NameAttribute } from "../x509/name.ts";
import { drawNumber, drawWeighted } from "./random.ts";

/** One CSCA with its keys, the oldest first. */
export interface Csca {
  /** Such as `xa-passport`. */
  readonly name: string;
  /** Upper-case, from the codes that ISO 3166-1 keeps for users. */
  readonly country: string;
  readonly generations: readonly Generation[];
}

/** One key of a CSCA. */
export interface Generation {
  /** Such as `xa-passport-2`: also the name of its key and of its root certificate. */
  readonly name: string;
  readonly csca: string;
  /** From 1. */
  readonly number: number;
  /** Whether it is the last one of its CSCA in the world list. */
  readonly isNewest: boolean;
  /** Whether it belongs to the next edition only. */
  readonly isNext: boolean;
  readonly subject: readonly NameAttribute[];
  readonly profile: KeyProfile;
  readonly publicKeyEncoding: PublicKeyEncoding;
  /** How the key identifier comes about. */
  readonly keyIdentifier: "sha1" | "sha1-short" | "sha256" | "arbitrary";
  /** Of the root certificate, `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** End of the private key's use. */
  readonly keyNotAfter: string;
}

/** What key a generation has, and how it signs. */
export interface KeyProfile {
  readonly key: KeySpec;
  readonly algorithm: SignatureAlgorithm;
}

/** The codes that ISO 3166-1 keeps for users, so that no real country is meant. */
export const countryCodes: readonly string[] = [
  "AA",
  ...codes("Q", "MNOPQRSTUVWXYZ"),
  ...codes("X", alphabet()),
  "ZZ",
];

/** CSCAs that publish the small and the large lists. They stay as Doc 9303 wants them, and each has its kind of key. */
export const publishers: Readonly<Record<string, KeyProfile>> = {
  "aa-passport": rsa(3072, { scheme: "rsa-pkcs1", hash: "SHA-256" }),
  "qm-passport": rsa(3072, { scheme: "rsa-pss", hash: "SHA-256" }),
  "qz-passport": ec("P-384", "SHA-384"),
  "xa-passport": ec("P-256", "SHA-256"),
  "xz-passport": ec("P-521", "SHA-512"),
  "zz-passport": ec("brainpoolP384r1", "SHA-384"),
};

/** CSCAs that have a new key in the next edition; those marked true show a link certificate with it. */
export const rollovers: Readonly<Record<string, boolean>> = {
  "qp-passport": true,
  "xg-passport": true,
  "xt-passport": false,
};

/** All CSCAs: one for passports in each country, one for identity cards, and in some a third. */
export function planCscas(): readonly Csca[] {
  return countryCodes.flatMap((country, index) => {
    const kinds = index % 2 === 0 ? ["passport", "identity", "service"] : ["passport", "identity"];
    return kinds.map((kind) => planCsca(country, kind));
  });
}

function planCsca(country: string, kind: string): Csca {
  const name = `${country.toLowerCase()}-${kind}`;
  const count = drawWeighted(`${name}/generations`, [
    [12, 1],
    [26, 2],
    [36, 3],
    [26, 4],
  ]);
  const starts = planStarts(name, count);
  const next = name in rollovers ? [nextStart(name)] : [];
  const subject = planSubject(name, country, kind);
  const generations = [...starts, ...next].map((start, index) =>
    planGeneration({
      name,
      subject,
      start,
      number: index + 1,
      isNewest: index === count - 1,
      isNext: index >= count,
    }),
  );
  return { name, country, generations };
}

/** Start days of the keys: the newest in the years before the list, each older one three to five years earlier. */
function planStarts(name: string, count: number): readonly Date[] {
  // A publisher's newest key must still be in use when it signs in 2026.
  const [first, days] = name in publishers ? [Date.UTC(2023, 6, 1), 800] : [Date.UTC(2021, 6, 1), 1600];
  let day = first + drawNumber(`${name}/newest`, days) * dayMs;
  const starts: Date[] = [];
  for (let age = 0; age < count; age += 1) {
    starts.unshift(new Date(day + drawNumber(`${name}/${age}/second`, 86_400) * 1000));
    day -= (1096 + drawNumber(`${name}/${age}/use`, 730)) * dayMs;
  }
  return starts;
}

function nextStart(name: string): Date {
  return new Date(Date.UTC(2026, 5, 10) + drawNumber(`${name}/next`, 60 * 86_400) * 1000);
}

interface GenerationDraft {
  /** Of the CSCA. */
  readonly name: string;
  readonly subject: readonly NameAttribute[];
  readonly start: Date;
  readonly number: number;
  readonly isNewest: boolean;
  readonly isNext: boolean;
}

function planGeneration({
  name: csca,
  subject,
  start,
  number,
  isNewest,
  isNext,
}: GenerationDraft): Generation {
  const name = `${csca}-${number}`;
  const useYears = 3 + drawNumber(`${name}/use`, 3);
  // Certificate = use of the key + validity of the documents signed with it (Doc 9303-12, key lifetimes).
  const documentYears = drawWeighted(`${name}/documents`, [
    [8, 10],
    [1, 7],
    [1, 5],
  ]);
  return {
    name,
    csca,
    number,
    isNewest,
    isNext,
    subject,
    profile: (isNewest ? publishers[csca] : undefined) ?? drawProfile(name, start.getUTCFullYear()),
    publicKeyEncoding: {},
    keyIdentifier: "sha1",
    notBefore: toTimeString(start),
    notAfter: yearsAfter(start, useYears + documentYears),
    keyNotAfter: yearsAfter(start, useYears),
  };
}

function planSubject(name: string, country: string, kind: string): readonly NameAttribute[] {
  const string = drawWeighted(`${name}/string`, [
    [1, "utf8String" as const],
    [1, "printableString" as const],
  ]);
  const unit = drawWeighted(`${name}/unit`, [
    [1, [{ type: "OU", value: unitNames[kind] ?? kind, string }]],
    [1, []],
  ]);
  const serial = drawWeighted(`${name}/serial`, [
    [1, [{ type: "SERIALNUMBER", value: "1" }]],
    [5, []],
  ]);
  return [
    { type: "C", value: country },
    { type: "O", value: `Government of ${country}`, string },
    ...unit,
    { type: "CN", value: kind === "passport" ? `CSCA ${country}` : `CSCA ${country} ${kind}`, string },
    ...serial,
  ];
}

/** Older keys are weaker, as in real lists: SHA-1 and 2048 bits until 2013, then longer ones, PSS and curves. */
function drawProfile(name: string, year: number): KeyProfile {
  const era = year < 2014 ? oldProfiles : year < 2019 ? middleProfiles : newProfiles;
  return drawWeighted(`${name}/profile`, era);
}

function rsa(bits: number, algorithm: SignatureAlgorithm): KeyProfile {
  return { key: { kind: "rsa", bits }, algorithm };
}

function ec(curve: Extract<KeySpec, { kind: "ec" }>["curve"], hash: SignatureAlgorithm["hash"]): KeyProfile {
  return { key: { kind: "ec", curve }, algorithm: { scheme: "ecdsa", hash } };
}

function yearsAfter(start: Date, years: number): string {
  const end = new Date(start);
  end.setUTCFullYear(start.getUTCFullYear() + years);
  return toTimeString(end);
}

function codes(first: string, seconds: string): readonly string[] {
  return [...seconds].map((second) => first + second);
}

function alphabet(): string {
  return "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
}

const dayMs = 86_400_000;

const unitNames: Readonly<Record<string, string>> = {
  passport: "Passport Office",
  identity: "Civil Registry",
  service: "Foreign Service",
};

// RSA keys are shorter and fewer than in real lists, where three in four are RSA, to keep the files small.
const oldProfiles = [
  [5, rsa(2048, { scheme: "rsa-pkcs1", hash: "SHA-1" })],
  [2, rsa(3072, { scheme: "rsa-pkcs1", hash: "SHA-1" })],
  [4, rsa(2048, { scheme: "rsa-pkcs1", hash: "SHA-256" })],
  [2, ec("P-256", "SHA-1")],
  [2, ec("brainpoolP256r1", "SHA-1")],
  [2, ec("brainpoolP256r1", "SHA-256")],
] as const;

const middleProfiles = [
  [4, rsa(2048, { scheme: "rsa-pkcs1", hash: "SHA-256" })],
  [3, rsa(3072, { scheme: "rsa-pkcs1", hash: "SHA-256" })],
  [1, rsa(4096, { scheme: "rsa-pkcs1", hash: "SHA-512" })],
  [3, rsa(2048, { scheme: "rsa-pss", hash: "SHA-256" })],
  [2, rsa(3072, { scheme: "rsa-pss", hash: "SHA-256" })],
  [4, ec("P-256", "SHA-256")],
  [4, ec("brainpoolP256r1", "SHA-256")],
  [2, ec("P-384", "SHA-384")],
  [4, ec("brainpoolP384r1", "SHA-384")],
] as const;

const newProfiles = [
  [2, rsa(3072, { scheme: "rsa-pkcs1", hash: "SHA-256" })],
  [1, rsa(4096, { scheme: "rsa-pkcs1", hash: "SHA-512" })],
  [2, rsa(3072, { scheme: "rsa-pss", hash: "SHA-256" })],
  [1, rsa(3072, { scheme: "rsa-pss", hash: "SHA-384" })],
  [1, rsa(3072, { scheme: "rsa-pss", hash: "SHA-512" })],
  [4, ec("P-256", "SHA-256")],
  [4, ec("P-384", "SHA-384")],
  [3, ec("P-521", "SHA-512")],
  [4, ec("brainpoolP256r1", "SHA-256")],
  [4, ec("brainpoolP384r1", "SHA-384")],
  [2, ec("brainpoolP512r1", "SHA-512")],
] as const;
