/**
 * Oddities of a CSCA's name and key: every certificate of that key shows them.
 *
 * @module
 */

import type { SignatureAlgorithm } from "../crypto/signature.ts";
import type { NameAttribute } from "../x509/name.ts";
import type { Generation } from "./cscas.ts";
import type { Odd, Oddity } from "./oddity.ts";

/** A generation on its way to be made. */
export interface OddGeneration extends Generation, Odd {}

/** A row of the table, with the certificates on which it can be seen. */
export interface GenerationOddity extends Oddity<OddGeneration> {
  /** As the subject, as the issuer, or as either. */
  readonly shows: "subject" | "issuer" | "either";
}

/** The table. Counts follow the lists of 2023 to 2026, where a certificate in two deviates from Doc 9303-12. */
export const generationOddities: readonly GenerationOddity[] = [
  {
    id: "country-lower-case",
    description: "countryName in lower case, as RO, AL, GB, AR, CA and SI write it",
    pick: { count: 8 },
    from: any,
    group: "country",
    shows: "either",
    change: (item) => changeAttribute(item, "C", ({ value }) => ({ value: value.toLowerCase() })),
  },
  {
    id: "country-mixed-case",
    description: "countryName with one capital",
    pick: { count: 2 },
    from: any,
    group: "country",
    shows: "either",
    change: (item) =>
      changeAttribute(item, "C", ({ value }) => ({
        value: value.slice(0, 1) + value.slice(1).toLowerCase(),
      })),
  },
  {
    id: "country-three-letters",
    description: "countryName with three letters, as LTU in one Italian list",
    pick: { count: 1 },
    from: isOnly,
    group: "country",
    shows: "either",
    change: (item) => changeAttribute(item, "C", ({ value }) => ({ value: `${value}A` })),
  },
  {
    id: "country-absent",
    description: "a name of a commonName alone, as RSM-CSCA in one Italian list",
    pick: { count: 1 },
    from: isOnly,
    group: "country",
    shows: "either",
    change: (item) => ({ ...item, subject: item.subject.filter(({ type }) => type === "CN") }),
  },
  {
    id: "country-mismatch",
    description: "a link certificate whose issuer has another country, as BM under GB",
    pick: { count: 1 },
    from: ({ isNewest, number }) => isNewest && number > 1,
    group: "country",
    shows: "either",
    change: (item) => changeAttribute(item, "C", ({ value }) => ({ value: value === "XV" ? "XW" : "XV" })),
  },
  {
    id: "common-name-absent",
    description: "a name without commonName, as in US, NZ and SG certificates",
    pick: { count: 8 },
    from: (item) => !item.oddities.includes("country-absent"),
    group: "common-name",
    shows: "either",
    change: (item) => ({ ...item, subject: item.subject.filter(({ type }) => type !== "CN") }),
  },
  {
    id: "t61-string",
    description: "organizationName as T61String with a letter beyond ASCII, as in CZ certificates",
    pick: { count: 3 },
    from: (item) => has(item, "O"),
    shows: "either",
    change: (item) =>
      changeAttribute(item, "O", ({ value }) => ({ value: `${value} Österreuth`, string: "t61String" })),
  },
  {
    id: "email-in-name",
    description: "emailAddress as IA5String in the name, as in GR, RU, IL, NG, MD and AO certificates",
    pick: { count: 5 },
    from: any,
    shows: "either",
    change: (item) => ({
      ...item,
      subject: [...item.subject, { type: "E", value: `csca@${item.csca.slice(0, 2)}.example` }],
    }),
  },
  {
    id: "trailing-space",
    description: "organizationName with a space at its end, as in LU certificates",
    pick: { count: 2 },
    from: (item) => has(item, "O"),
    shows: "either",
    change: (item) => changeAttribute(item, "O", ({ value }) => ({ value: `${value} ` })),
  },
  {
    id: "string-type-changed",
    description: "the name of the key before in another string type: equal only after RFC 5280, 7.1",
    pick: { count: 4 },
    from: (item) => item.isNewest && item.number > 1 && has(item, "O"),
    group: "name-changed",
    shows: "either",
    change: (item) => changeAttribute(item, "O", ({ string }) => ({ string: otherString(string) })),
  },
  {
    id: "name-changed",
    description: "another name than that of the key before, as 110 of 802 real link certificates show",
    pick: { count: 18 },
    from: (item) => item.isNewest && item.number > 1 && has(item, "CN"),
    group: "name-changed",
    shows: "either",
    change: (item) => changeAttribute(item, "CN", ({ value }) => ({ value: `${value} ${item.number}` })),
  },
  {
    id: "rsa-exponent-3",
    description: "RSA key with public exponent 3, as in AT certificates",
    pick: { count: 6 },
    from: ({ profile }) => profile.key.kind === "rsa",
    group: "rsa-exponent",
    shows: "subject",
    change: (item) => withExponent(item, 3),
  },
  {
    id: "rsa-exponent-unusual",
    description: "RSA key with a public exponent drawn at random, as in IR certificates",
    pick: { count: 2 },
    from: ({ profile }) => profile.key.kind === "rsa",
    group: "rsa-exponent",
    shows: "subject",
    change: (item) => withExponent(item, 107_903),
  },
  {
    id: "rsa-key-parameters-absent",
    description: "rsaEncryption without the NULL parameters in the public key, as in EE certificates",
    pick: { count: 2 },
    from: ({ profile }) => profile.key.kind === "rsa",
    shows: "subject",
    change: (item) => ({ ...item, publicKeyEncoding: { rsaParameters: "absent" } }),
  },
  {
    id: "curve-named",
    description: "a named curve, against Doc 9303-12, 4.1.6, as in DZ certificates",
    pick: { count: 5 },
    from: ({ profile }) => profile.key.kind === "ec",
    group: "curve",
    shows: "subject",
    change: (item) => ({ ...item, publicKeyEncoding: { curve: "named" } }),
  },
  {
    id: "curve-seed",
    description: "explicit parameters of a NIST curve with the seed",
    pick: { share: 0.4 },
    from: ({ profile }) => profile.key.kind === "ec" && profile.key.curve.startsWith("P-"),
    group: "curve",
    shows: "subject",
    change: (item) => ({ ...item, publicKeyEncoding: { seed: true } }),
  },
  {
    id: "sha224-signature",
    description: "ECDSA with SHA-224, which Doc 9303-12 allows and few libraries know",
    pick: { count: 1 },
    from: ({ profile }) => profile.key.kind === "ec" && profile.algorithm.hash === "SHA-256",
    group: "signature",
    shows: "issuer",
    change: (item) => withAlgorithm(item, { scheme: "ecdsa", hash: "SHA-224" }),
  },
  {
    id: "ecdsa-null-parameters",
    description:
      "ECDSA signature algorithm with NULL parameters, as in LV, LT, JP, AT, DE and AE certificates",
    pick: { count: 6 },
    from: ({ profile }) => profile.algorithm.scheme === "ecdsa",
    group: "signature",
    shows: "issuer",
    change: (item) => withAlgorithm(item, { ...item.profile.algorithm, scheme: "ecdsa", parameters: "null" }),
  },
  {
    id: "rsa-signature-parameters-absent",
    description: "RSA signature algorithm without the NULL parameters, as in IS and YE certificates",
    pick: { count: 2 },
    from: ({ profile }) => profile.algorithm.scheme === "rsa-pkcs1",
    group: "signature",
    shows: "issuer",
    change: (item) =>
      withAlgorithm(item, { scheme: "rsa-pkcs1", hash: item.profile.algorithm.hash, parameters: "absent" }),
  },
  {
    id: "ski-8-bytes",
    description: "key identifier of 8 bytes, RFC 5280, 4.2.1.2, method 2",
    pick: { count: 12 },
    from: any,
    group: "key-identifier",
    shows: "subject",
    change: (item) => ({ ...item, keyIdentifier: "sha1-short" }),
  },
  {
    id: "ski-32-bytes",
    description: "key identifier of 32 bytes, RFC 7093, as in NL certificates",
    pick: { count: 8 },
    from: any,
    group: "key-identifier",
    shows: "subject",
    change: (item) => ({ ...item, keyIdentifier: "sha256" }),
  },
  {
    id: "ski-arbitrary",
    description: "key identifier that is no hash of the key",
    pick: { count: 6 },
    from: any,
    group: "key-identifier",
    shows: "subject",
    change: (item) => ({ ...item, keyIdentifier: "arbitrary" }),
  },
];

function any(): boolean {
  return true;
}

function isOnly({ isNewest, number }: OddGeneration): boolean {
  return isNewest && number === 1;
}

function has(item: OddGeneration, wanted: string): boolean {
  return item.subject.some(({ type }) => type === wanted);
}

function changeAttribute(
  item: OddGeneration,
  wanted: string,
  change: (attribute: NameAttribute) => Partial<NameAttribute>,
): OddGeneration {
  const subject = item.subject.map((attribute) =>
    attribute.type === wanted ? { ...attribute, ...change(attribute) } : attribute,
  );
  return { ...item, subject };
}

function otherString(string: NameAttribute["string"]): "printableString" | "utf8String" {
  return string === "printableString" ? "utf8String" : "printableString";
}

function withExponent(item: OddGeneration, publicExponent: number): OddGeneration {
  const { key } = item.profile;
  const bits = key.kind === "rsa" ? key.bits : 2048;
  return { ...item, profile: { ...item.profile, key: { kind: "rsa", bits, publicExponent } } };
}

function withAlgorithm(item: OddGeneration, algorithm: SignatureAlgorithm): OddGeneration {
  return { ...item, profile: { ...item.profile, algorithm } };
}
