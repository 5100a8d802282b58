/**
 * Rarities of keys and signature algorithms.
 *
 * @module
 */

import type { SpecifiedECDomain } from "@peculiar/asn1-ecc";
import { contextConstructed, integer, nullValue, objectIdentifier, sequence } from "../asn1/der-writer.ts";
import { idMgf1 } from "../asn1/oids.ts";
import { hashes } from "../crypto/hash.ts";
import type { RsaPss } from "../crypto/signature.ts";
import type { CertificateOptions } from "../x509/certificate.ts";
import type { Rarity } from "./rarity.ts";

/** The table. */
export const keyRarities: readonly Rarity[] = [
  {
    id: "algorithm-mismatch",
    description:
      "another algorithm in the TBSCertificate than beside the signature, against RFC 5280, 4.1.1.2",
    change: () => ({ tbsSignatureAlgorithm: { scheme: "ecdsa", hash: "SHA-512" } }),
  },
  {
    id: "point-compressed",
    description: "a compressed public point, against Doc 9303-12, 4.1.6",
    change: () => ({ publicKeyEncoding: { point: "compressed" } }),
  },
  {
    id: "cofactor-absent",
    description: "explicit parameters without the cofactor, against Doc 9303-12, 4.1.6",
    change: () => ({ publicKeyEncoding: { cofactor: false } }),
  },
  {
    id: "generator-compressed",
    description: "explicit parameters with a compressed generator, against Doc 9303-12, 4.1.6",
    change: domainWith((domain) => {
      const base = new Uint8Array(domain.base.buffer);
      const sign = (base.at(-1) ?? 0) & 1;
      domain.base.buffer = Uint8Array.of(2 + sign, ...base.subarray(1, 33)).buffer;
    }),
  },
  {
    id: "prime-leading-zero",
    description:
      "a prime with an octet too many in front, which gmrtd takes care of: the curve is P-256 still",
    change: domainWith((domain) => {
      const prime = new Uint8Array(domain.fieldID.parameters).subarray(2);
      domain.fieldID.parameters = Uint8Array.of(2, prime.length + 1, 0, ...prime).buffer;
    }),
  },
  forged("p", (domain) => flip(domain.fieldID.parameters)),
  forged("a", (domain) => flip(domain.curve.a)),
  forged("b", (domain) => flip(domain.curve.b)),
  forged("generator", (domain) => flip(domain.base.buffer)),
  forged("order", (domain) => flip(domain.order)),
  forged("cofactor", (domain) => {
    // The type says octets; the library reads and writes a number.
    Object.assign(domain, { cofactor: 2 });
  }),
  {
    id: "rsa-2048-sha1",
    description:
      "an RSA key of 2048 bits that signs with SHA-1, as in some of the oldest certificates of real lists",
    publisher: "aa-passport",
    key: { name: "aa-list-signer", spec: { kind: "rsa", bits: 2048 } },
    change: () => ({ signatureAlgorithm: { scheme: "rsa-pkcs1", hash: "SHA-1" } }),
  },
  {
    id: "pss-key",
    description: "an RSA key that is for RSASSA-PSS alone (RFC 4055, 1.2)",
    publisher: "qm-passport",
    change: () => ({ publicKeyEncoding: { rsaAlgorithm: "rsassaPss" } }),
  },
  pss(
    "pss-parameters-absent",
    "RSASSA-PSS without parameters, against RFC 4055, 3.1; read as its defaults, SHA-1 and a salt of 20",
    { hash: "SHA-1", parameters: "absent" },
  ),
  pss("pss-parameters-default", "RSASSA-PSS with an empty SEQUENCE, which means SHA-1 and a salt of 20", {
    hash: "SHA-1",
    parameters: sequence(),
  }),
  pss("pss-hash-parameters-absent", "RSASSA-PSS whose hashes have no NULL, which RFC 4055, 2.1 allows", {
    hash: "SHA-256",
    parameters: sequence(
      contextConstructed(0, sha256WithoutNull()),
      contextConstructed(1, sequence(objectIdentifier(idMgf1), sha256WithoutNull())),
      contextConstructed(2, integer(32)),
    ),
  }),
  pss("pss-default-encoded", "RSASSA-PSS with trailerField 1 written out, against X.690, 11.5", {
    hash: "SHA-256",
    parameters: sequence(
      contextConstructed(0, sha256()),
      contextConstructed(1, sequence(objectIdentifier(idMgf1), sha256())),
      contextConstructed(2, integer(32)),
      contextConstructed(3, integer(1)),
    ),
  }),
  pss(
    "pss-other-mask",
    "RSASSA-PSS with SHA-256 and the defaults for the rest: a mask by SHA-1, a salt of 20",
    {
      hash: "SHA-256",
      mgfHash: "SHA-1",
      saltLength: 20,
      parameters: sequence(contextConstructed(0, sha256())),
    },
  ),
];

/** Explicit parameters of P-256 in all but one: on such a curve an attacker may know the private key (CVE-2020-0601). */
function forged(parameter: string, change: (domain: SpecifiedECDomain) => void): Rarity {
  return {
    id: `curve-forged-${parameter}`,
    description: `explicit parameters that are those of P-256 but for one: ${parameter}`,
    change: domainWith(change),
    answers: { publicKeyCurve: null },
  };
}

function pss(id: string, description: string, algorithm: Omit<RsaPss, "scheme">): Rarity {
  return {
    id,
    description,
    publisher: "qm-passport",
    change: () => ({ signatureAlgorithm: { scheme: "rsa-pss", ...algorithm } }),
  };
}

function domainWith(
  change: (domain: SpecifiedECDomain) => void,
): () => Pick<CertificateOptions, "publicKeyEncoding"> {
  const changeDomain = (domain: SpecifiedECDomain): SpecifiedECDomain => {
    change(domain);
    return domain;
  };
  return () => ({ publicKeyEncoding: { changeDomain } });
}

/** Changes the last bit but one, so that an odd number stays odd. */
function flip(buffer: ArrayBuffer): void {
  const octets = new Uint8Array(buffer);
  const last = octets.length - 1;
  octets[last] = (octets[last] ?? 0) ^ 2;
}

function sha256(): Uint8Array {
  return sequence(objectIdentifier(hashes["SHA-256"].oid), nullValue());
}

function sha256WithoutNull(): Uint8Array {
  return sequence(objectIdentifier(hashes["SHA-256"].oid));
}
