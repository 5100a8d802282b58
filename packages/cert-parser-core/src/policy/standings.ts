/**
 * What the signatures of certificates and CRLs say of them, as plain data.
 *
 * @module
 */

import { foldCountry, indexAuthorities } from "../chain/authority-index.ts";
import { type AuthoritySet, gatherAuthorities } from "../chain/authority-set.ts";
import { type CertificateJudgment, judgeAgainst } from "../chain/certificate-verdict.ts";
import { judgeRevocationList, type RevocationListJudgment } from "../chain/crl-verdict.ts";
import type { SignedObject } from "../icao/bundle.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { CertificateStanding, CrlStanding, Evidence, TrustLevel } from "./evidence.ts";
import type { KnownTrust } from "./judgment.ts";

/** What signatures are judged by. */
export interface StandingOptions {
  /** CSCA certificates that are trusted: of the store, its history, other sources. */
  readonly set: AuthoritySet;
  /** The same, and what is revoked. */
  readonly groups: AuthoritySet;
  readonly isRevoked: ((certificate: Certificate) => boolean) | undefined;
  readonly known: KnownTrust;
  readonly now: Date;
}

/** Judges what stands in a list that was verified, whose CSCA certificates are trusted with it, and beside it. */
export function standingsOfList(
  list: SignedObject,
  options: StandingOptions,
): Pick<Evidence, "certificates" | "crls"> {
  const { certificates, envelopeCertificates } = list;
  const { index, engine } = options.set;
  const own = indexAuthorities(certificates, engine);
  const inside = judgeAgainst(certificates, [own, index], engine);
  const beside = judgeAgainst(
    envelopeCertificates,
    [own, indexAuthorities(envelopeCertificates, engine), index],
    engine,
  );
  return {
    // Last, so that what stands in both places is judged as in the list.
    certificates: new Map([...beside, ...inside].map((judged) => toStanding(judged, "verified"))),
    crls: standingsOfCrls(
      list,
      options,
      certificates.filter((each) => options.isRevoked?.(each) !== true),
    ),
  };
}

/** Judges what stands by itself: only what is trusted already may have issued it. */
export function standingsOfLoose(
  object: SignedObject,
  options: StandingOptions,
): Pick<Evidence, "certificates" | "crls"> {
  const { index, engine } = options.set;
  const judged = judgeAgainst(object.certificates, [index], engine);
  return {
    certificates: new Map(
      judged.map((one) => toStanding(one, isOfItsCountry(one) ? "verified" : "unsigned")),
    ),
    crls: standingsOfCrls(object, options, []),
  };
}

/** By what is trusted already, then by what is trusted with the list. */
function standingsOfCrls(
  { crls }: SignedObject,
  { set, groups, known, now }: StandingOptions,
  listed: readonly Certificate[],
): Evidence["crls"] {
  if (crls.length === 0) return new Map();
  const own = gatherAuthorities(listed, set);
  return new Map(
    crls.map((crl) => {
      const judged = judgeRevocationList(crl, { authorities: set, now, known: known.crls });
      const isFound = judged.issuerKeySha256 !== undefined || listed.length === 0;
      return [
        crl.sha256,
        toCrlStanding(
          isFound ? judged : judgeRevocationList(crl, { authorities: own, now, known: known.crls }),
          groups,
        ),
      ];
    }),
  );
}

/** Any state could else sign for any other. */
function isOfItsCountry({ certificate, verdict, issuer }: CertificateJudgment): boolean {
  return (
    verdict === "link" &&
    issuer !== undefined &&
    foldCountry(issuer.subject) === foldCountry(certificate.subject)
  );
}

function toStanding(judged: CertificateJudgment, level: TrustLevel): readonly [string, CertificateStanding] {
  const { certificate, verdict, keySha256, issuerSha256 = null, issuerKeySha256 = null } = judged;
  return [certificate.sha256, { level, verdict, keySha256, issuerSha256, issuerKeySha256 }];
}

function toCrlStanding(
  { outcome, steps, issuerKeySha256, group }: RevocationListJudgment,
  groups: AuthoritySet,
): CrlStanding {
  const whole = issuerKeySha256 === undefined ? undefined : groups.groupOf(issuerKeySha256);
  return {
    verdict: outcome,
    steps,
    issuerKeySha256: issuerKeySha256 ?? null,
    keys: [...new Set([...(group?.keys.keys() ?? []), ...(whole?.keys.keys() ?? [])])],
  };
}
