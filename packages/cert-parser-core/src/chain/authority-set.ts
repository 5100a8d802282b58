/**
 * The CSCA certificates that documents and CRLs are judged by, gathered once for many judgments.
 *
 * @module
 */

import { createPortableEngine } from "../signatures/portable-engine.ts";
import type { SignatureEngine } from "../signatures/signature-engine.ts";
import type { Certificate } from "../x509/certificate.ts";
import { type AuthorityIndex, indexAuthorities } from "./authority-index.ts";
import { type BoundedSignatures, createBoundedSignatures } from "./bounded-signatures.ts";
import { type CertificateJudgment, judgeCertificate } from "./certificate-verdict.ts";
import { type KeyLineage, keyLineage } from "./key-lineage.ts";
import { budgetFor } from "./work-budget.ts";

/** Certificates that are trusted to issue, and how their keys relate. */
export interface AuthoritySet {
  readonly index: AuthorityIndex;
  /** How a certificate of the set was judged by its signature; undefined for any other. */
  judgmentOf(certificate: Certificate): CertificateJudgment | undefined;
  /** Which keys speak for which. */
  readonly lineage: KeyLineage;
  /** Signatures on a new budget, for so many objects. */
  signaturesFor(parts: number): BoundedSignatures;
}

/** What to verify with. */
export interface AuthoritySetOptions {
  /** By default the portable one. `cert-parser-core/node` has a faster one. */
  readonly engine?: SignatureEngine;
}

/**
 * Gathers CSCA certificates: what is in the store and its history, or any others that the caller trusts. Their own
 * signatures are verified when the first question needs them.
 */
export function gatherAuthorities(
  certificates: readonly Certificate[],
  { engine = createPortableEngine() }: AuthoritySetOptions = {},
): AuthoritySet {
  const index = indexAuthorities(certificates, { engine });
  const signatures = createBoundedSignatures(engine, budgetFor(certificates.length));
  const judged = once(
    () =>
      new Map(
        certificates.map((certificate) => [
          certificate.sha256,
          judgeCertificate(certificate, { indexes: [index], signatures }),
        ]),
      ),
  );
  const lineage = once(() => keyLineage([...judged().values()]));
  return {
    index,
    judgmentOf: ({ sha256 }) => judged().get(sha256),
    get lineage() {
      return lineage();
    },
    signaturesFor: (parts) => signatures.within(budgetFor(parts)),
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
