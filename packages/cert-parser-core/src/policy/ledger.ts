/**
 * What is known while a bundle is judged: the facts of the store, and what the bundle's own accepted objects add to them.
 *
 * @module
 */

import { type AuthorityIndex, indexAuthorities, isAuthority, keySha256Of } from "../chain/authority-index.ts";
import type { BoundedSignatures } from "../chain/bounded-signatures.ts";
import { type CertificateJudgment, judgeCertificate } from "../chain/certificate-verdict.ts";
import { findIssuer, hasRoot, issuedCertificate, searchIssuers } from "../chain/issuer-search.ts";
import { type KeyLineage, keyLineage } from "../chain/key-lineage.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { AuthorityFact, CrlFact, EditionFact, TrustFacts } from "./trust-facts.ts";
import { groundOf, type RevocationGround, type TrustState, trustStateOf } from "./trust-state.ts";

/** Facts that grow, with the state that follows from them. */
export interface Ledger {
  readonly state: TrustState;
  /** Every authority that is known, revoked ones too; candidates come from each publisher in turn. */
  readonly index: AuthorityIndex;
  readonly certificates: readonly Certificate[];
  /** The key that signed a certificate, if that was verified before. */
  issuerKeyOf(certificate: Certificate): string | undefined;
  /** Whether a list that was accepted holds it, as an authority. */
  isListed(certificate: Certificate): boolean;
  /** The entry that revokes a certificate which this key issued; undefined if none does. */
  revocationOf(certificate: Certificate, issuerKeySha256: string): RevocationGround | undefined;
  /** Whether a certificate is revoked, whoever issued it. */
  isRevoked(certificate: Certificate, signatures: BoundedSignatures): boolean;
  isKeyRevoked(keySha256: string): boolean;
  /** How keys relate once these certificates are known, too: each of their links is proven by its signature. */
  lineageWith(judged: readonly CertificateJudgment[]): KeyLineage;
  /**
   * Finds, among keys that are new here, who signed the authorities whose signer is not known: lists come in any order. Gives the
   * key by the SHA-256 of the certificate.
   */
  signersAmong(
    certificates: readonly Certificate[],
    signatures: BoundedSignatures,
  ): ReadonlyMap<string, string>;
  /** Takes in a list that was accepted, and the signers that were found with it. Gives the edition. */
  addEdition(
    edition: Omit<EditionFact, "endedAt" | "id">,
    judged: readonly CertificateJudgment[],
    signers: ReadonlyMap<string, string>,
  ): EditionFact;
  /** Takes in a CRL that was accepted. */
  addCrl(crl: CrlFact): void;
}

/** Begins with the facts of a store, and with certificates that a caller has beside it. */
export function createLedger(
  known: TrustFacts,
  beside: readonly Certificate[],
  signatures: BoundedSignatures,
): Ledger {
  const { engine } = signatures;
  let facts = withCertificates(known, beside, signatures);
  let derived: ReturnType<typeof deriveFrom> | undefined;
  const current = () => {
    if (derived === undefined) derived = deriveFrom(facts, engine);
    else if (derived.state.facts.crls !== facts.crls) {
      derived = { ...derived, state: trustStateOf(facts, engine, derived.state) };
    }
    return derived;
  };
  const grow = (grown: TrustFacts) => {
    facts = grown;
    derived = undefined;
  };
  const ledger: Ledger = {
    get state() {
      return current().state;
    },
    get index() {
      return current().index;
    },
    get certificates() {
      return current().state.authorities.map(({ certificate }) => certificate);
    },
    issuerKeyOf: (certificate) => current().issuers.get(certificate.sha256),
    isListed: ({ sha256 }) => current().listed.has(sha256),
    revocationOf: (certificate, issuerKey) => groundOf(certificate, issuerKey, current().state),
    isRevoked(certificate, within) {
      const { state, index } = current();
      if (state.revokedCertificates.has(certificate.sha256)) return true;
      if (isAuthority(certificate) || state.effectiveCrls.size === 0) return false;
      const search = searchIssuers(issuedCertificate(certificate), { signatures: within, indexes: [index] });
      // Of every key that fits: a stranger can bring about a second one.
      for (const { key } of search) {
        if (ledger.revocationOf(certificate, key.keySha256) !== undefined) return true;
      }
      return false;
    },
    isKeyRevoked: (key) => current().state.revokedKeys.has(key),
    lineageWith(judged) {
      const { authorities, facts: own } = current().state;
      return keyLineage([...authorities, ...judged], own.decisions.joinedKeys);
    },
    signersAmong: (certificates, within) => signersAmong(certificates, current(), within),
    addEdition(edition, judged, signers) {
      // Those of the store count from one up.
      const added: EditionFact = { ...edition, id: -facts.editions.length - 1, endedAt: null };
      grow(withEdition(current().state.facts, added, judged, signers));
      return added;
    },
    addCrl(crl) {
      if (facts.crls.some(({ sha256 }) => sha256 === crl.sha256)) return;
      // What was read once is not read again, and nothing but revocations is derived anew.
      facts = { ...(derived?.state.facts ?? facts), crls: [...facts.crls, crl] };
    },
  };
  return ledger;
}

function deriveFrom(facts: TrustFacts, engine: BoundedSignatures["engine"]) {
  const state = trustStateOf(facts, engine);
  const publishers = new Map(facts.editions.map(({ id, publisher }) => [id, publisher]));
  const witnesses = new Map(
    state.authorities.map(({ certificate, fact }) => [
      certificate,
      fact.editions.length === 0 ? [""] : [...new Set(fact.editions.map((id) => publishers.get(id) ?? ""))],
    ]),
  );
  const index = indexAuthorities(
    state.authorities.map(({ certificate }) => certificate),
    { engine, witnessesOf: (certificate) => witnesses.get(certificate) ?? [""] },
  );
  const listed = new Set(
    state.authorities.flatMap(({ certificate, fact }) =>
      fact.editions.length > 0 ? [certificate.sha256] : [],
    ),
  );
  return { state, index, issuers: issuerKeys(state), listed };
}

function issuerKeys({ authorities }: TrustState): ReadonlyMap<string, string> {
  return new Map(
    authorities.flatMap(({ certificate, issuerKeySha256 }) =>
      issuerKeySha256 === undefined ? [] : [[certificate.sha256, issuerKeySha256] as const],
    ),
  );
}

/** Certificates that no list holds: who signed them is found out first. */
function withCertificates(
  facts: TrustFacts,
  beside: readonly Certificate[],
  signatures: BoundedSignatures,
): TrustFacts {
  if (beside.length === 0) return facts;
  const { engine } = signatures;
  const known = trustStateOf(facts, engine).authorities.map(({ certificate }) => certificate);
  const index = indexAuthorities([...known, ...beside], { engine });
  const held = new Set(known.map(({ sha256 }) => sha256));
  const distinct = new Map(beside.filter(isAuthority).map((each) => [each.sha256, each]));
  const added = [...distinct.values()]
    .filter(({ sha256 }) => !held.has(sha256))
    .map((certificate): AuthorityFact => {
      const { issuerKeySha256 = null } = judgeCertificate(certificate, { indexes: [index], signatures });
      return { der: certificate.der, certificate, issuerKeySha256, editions: [] };
    });
  return { ...facts, authorities: [...facts.authorities, ...added] };
}

function signersAmong(
  certificates: readonly Certificate[],
  { state, index }: ReturnType<typeof deriveFrom>,
  signatures: BoundedSignatures,
): ReadonlyMap<string, string> {
  const { engine, budget } = signatures;
  const open = state.authorities.filter(({ issuerKeySha256 }) => issuerKeySha256 === undefined);
  const added = certificates.filter(
    (each) => open.length > 0 && index.ofKey(keySha256Of(each.publicKey, engine)) === undefined,
  );
  const indexes = [indexAuthorities(added, { engine })];
  const bounded = signatures.within(budget.share(unitsForSigners));
  return new Map(
    open.flatMap(({ certificate }) => {
      const search = findIssuer(issuedCertificate(certificate), { signatures: bounded, indexes });
      // A second key that fits is nobody's, and is not to stay.
      const isFound = search.outcome === "found" && hasRoot(search.key.certificates, bounded);
      return isFound ? [[certificate.sha256, search.key.keySha256] as const] : [];
    }),
  );
}

function withEdition(
  facts: TrustFacts,
  edition: EditionFact,
  judged: readonly CertificateJudgment[],
  signers: ReadonlyMap<string, string>,
): TrustFacts {
  const own = new Map(
    judged.filter(({ certificate }) => isAuthority(certificate)).map((one) => [one.certificate.sha256, one]),
  );
  const held = facts.authorities.map((each): AuthorityFact => {
    const sha256 = each.certificate?.sha256 ?? "";
    const fact = { ...each, issuerKeySha256: each.issuerKeySha256 ?? signers.get(sha256) ?? null };
    const judgment = own.get(sha256);
    if (judgment === undefined) return fact;
    own.delete(judgment.certificate.sha256);
    // Found once, it stays, unless a better one is known by now.
    const issuerKeySha256 = judgment.issuerKeySha256 ?? fact.issuerKeySha256;
    return { ...fact, issuerKeySha256, editions: [...fact.editions, edition.id] };
  });
  const added = [...own.values()].map(
    ({ certificate, issuerKeySha256 = null }): AuthorityFact => ({
      der: certificate.der,
      certificate,
      issuerKeySha256,
      editions: [edition.id],
    }),
  );
  return { ...facts, editions: [...facts.editions, edition], authorities: [...held, ...added] };
}

// Of the 846 authorities of nine real lists, four have no known signer. Some 50 ms.
const unitsForSigners = 512;
