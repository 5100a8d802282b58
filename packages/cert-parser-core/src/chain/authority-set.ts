/**
 * The CSCA certificates that documents and CRLs are judged by, gathered once for many judgments.
 *
 * @module
 */

import { createPortableEngine } from "../signatures/portable-engine.ts";
import type { SignatureEngine } from "../signatures/signature-engine.ts";
import type { Certificate } from "../x509/certificate.ts";
import { type AuthorityIndex, indexAuthorities } from "./authority-index.ts";
import { type CertificateJudgment, judgeAgainst } from "./certificate-verdict.ts";
import { type CscaGroup, cscaGroups } from "./csca-group.ts";

/** Certificates that are trusted to issue, and what hangs together among them. */
export interface AuthoritySet {
  readonly engine: SignatureEngine;
  readonly index: AuthorityIndex;
  /** How a certificate of the set was judged by its signature; undefined for any other. */
  judgmentOf(certificate: Certificate): CertificateJudgment | undefined;
  /** The CSCA that a key is of, by the SHA-256 of its SubjectPublicKeyInfo; undefined where no certificate is of it. */
  groupOf(keySha256: string): CscaGroup | undefined;
}

/** What to verify with. */
export interface AuthoritySetOptions {
  /** By default the portable one. `cert-parser-core/node` has a faster one. */
  readonly engine?: SignatureEngine;
}

/**
 * Gathers CSCA certificates: what is in the store and its history, or any others that the caller trusts. Their own
 * signatures are verified when a CRL first asks which of them are of one CSCA.
 */
export function gatherAuthorities(
  certificates: readonly Certificate[],
  { engine = createPortableEngine() }: AuthoritySetOptions = {},
): AuthoritySet {
  const index = indexAuthorities(certificates, engine);
  const judged = once(() => {
    const judgments = judgeAgainst(certificates, [index], engine);
    const groups = cscaGroups(judgments);
    return {
      judgments: new Map(judgments.map((judgment) => [judgment.certificate.sha256, judgment])),
      groups: new Map(groups.flatMap((group) => [...group.keys.keys()].map((key) => [key, group]))),
    };
  });
  return {
    engine,
    index,
    judgmentOf: ({ sha256 }) => judged().judgments.get(sha256),
    groupOf: (keySha256) => judged().groups.get(keySha256),
  };
}

/** Authorities as they were gathered, or gathered now. */
export function asAuthoritySet(
  authorities: AuthoritySet | readonly Certificate[],
  options: AuthoritySetOptions,
): AuthoritySet {
  return "index" in authorities ? authorities : gatherAuthorities(authorities, options);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
