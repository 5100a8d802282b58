/**
 * Facts of trust made from built certificates, lists and CRLs, and a store in memory that keeps them as `sync` gives them.
 *
 * @module
 */

import { toHex } from "../../src/bytes/hex.ts";
import { isAuthority, keySha256Of } from "../../src/chain/authority-index.ts";
import { judgeCertificates } from "../../src/chain/certificate-verdict.ts";
import { toKnownRevocationList } from "../../src/chain/crl-verdict.ts";
import type { RevocationList } from "../../src/crl/revocation-list.ts";
import type {
  AuthorityFact,
  CrlFact,
  EditionFact,
  TrustDecisions,
  TrustFacts,
} from "../../src/policy/trust-facts.ts";
import { noFacts } from "../../src/policy/trust-facts.ts";
import type { Certificate } from "../../src/x509/certificate.ts";
import { engine, type Made } from "../chain/csca-world.ts";

/** An accepted list. */
export interface EditionInput {
  readonly publisher: Made;
  /** Default: a month before the lists of the tests. */
  readonly signingTime?: string;
  /** Default: that of the publisher. */
  readonly certificates?: readonly Made[];
  /** Default: `default`. */
  readonly source?: string;
  /** Default: one that no list has. */
  readonly contentSha256?: string;
  /** Whose key the publisher took over from. Default: nobody's. */
  readonly rolledFrom?: Made;
  readonly endedAt?: string;
}

/** An accepted CRL, and the key that signed it. */
export interface CrlInput {
  readonly crl: RevocationList;
  readonly by: Made;
}

/** Makes facts. Editions count from 1 in the order given; who signed an authority is found among all of them. */
export function makeFacts(
  editions: readonly EditionInput[],
  crls: readonly CrlInput[] = [],
  decisions: Partial<TrustDecisions> = {},
): TrustFacts {
  return {
    editions: editions.map(editionFact),
    authorities: authorityFacts(editions),
    crls: crls.map(crlFact),
    decisions: { ...noFacts.decisions, ...decisions },
  };
}

/** SHA-256 of its canonical key, lower-case hex. */
export function keyOf({ certificate }: Pick<Made, "certificate">): string {
  return keySha256Of(certificate.publicKey, engine);
}

/** A CRL as a fact, with every entry. */
export function crlFact({ crl, by }: CrlInput): CrlFact {
  const order = toKnownRevocationList({
    crl,
    outcome: "accepted",
    issuerKeySha256: keyOf(by),
  } as Parameters<typeof toKnownRevocationList>[0]);
  if (order === undefined) throw new TypeError("not accepted");
  return { ...order, nextUpdate: crl.nextUpdate ?? null, revoked: revokedSerials(crl) };
}

/** The entries of a CRL, as facts hold them. */
export function revokedSerials({ revokedCertificates }: RevocationList): CrlFact["revoked"] {
  return [...revokedCertificates].map(({ serialNumber, revocationDate, reason = null }) => ({
    serialNumber: toHex(serialNumber),
    revocationDate,
    reason,
  }));
}

function editionFact(
  {
    publisher,
    signingTime = "2024-04-01T00:00:00Z",
    source = "default",
    contentSha256,
    rolledFrom,
    endedAt,
  }: EditionInput,
  at: number,
): EditionFact {
  return {
    id: at + 1,
    source,
    publisher: keyOf(publisher),
    signingTime: new Date(signingTime),
    contentSha256: contentSha256 ?? `${at}`.padStart(64, "0"),
    rolledFrom: rolledFrom === undefined ? null : keyOf(rolledFrom),
    endedAt: endedAt === undefined ? null : new Date(endedAt),
  };
}

function authorityFacts(editions: readonly EditionInput[]): readonly AuthorityFact[] {
  const holders = new Map<string, { readonly certificate: Certificate; readonly editions: number[] }>();
  for (const [at, { publisher, certificates = [publisher] }] of editions.entries()) {
    for (const { certificate } of certificates.filter((each) => isAuthority(each.certificate))) {
      const holder = holders.get(certificate.sha256) ?? { certificate, editions: [] };
      holders.set(certificate.sha256, holder);
      if (!holder.editions.includes(at + 1)) holder.editions.push(at + 1);
    }
  }
  const all = [...holders.values()];
  const judged = judgeCertificates(
    all.map(({ certificate }) => certificate),
    { engine },
  );
  return all.map(({ certificate, editions: held }, at) => ({
    der: certificate.der,
    issuerKeySha256: judged[at]?.issuerKeySha256 ?? null,
    editions: held,
  }));
}
