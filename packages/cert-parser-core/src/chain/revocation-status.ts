/**
 * Whether a certificate is revoked, by the CRLs of the CSCA that issued it: Doc 9303-12, D.1.2.3.
 *
 * @module
 */

import type { CrlReason } from "../crl/crl-reason.ts";
import type { RevocationList } from "../crl/revocation-list.ts";
import type { CertificateJudgment } from "./certificate-verdict.ts";
import { isStale } from "./crl-age.ts";
import type { RevocationListJudgment } from "./crl-verdict.ts";

/** What CRLs say of a certificate. */
export interface RevocationStatus {
  /** `undetermined` where no CRL that was accepted speaks of it. */
  readonly status: "revoked" | "unrevoked" | "undetermined";
  /** Whether the next CRL is due: beside the status, not instead of it. */
  readonly isStale: boolean;
  /** The CRL that says so; undefined where none does. */
  readonly crl: RevocationList | undefined;
  /** Undefined where it is not revoked. */
  readonly revocationDate: Date | undefined;
  /** Undefined where it is not revoked, or none is given. */
  readonly reason: CrlReason | undefined;
  /** When the key is thought to have become known; undefined where it is not revoked, or none is given. */
  readonly invalidityDate: Date | undefined;
}

/** A certificate, bound to the key that issued it. A {@link CertificateJudgment} is one. */
export type IssuedCertificate = Pick<CertificateJudgment, "certificate" | "issuerKeySha256">;

/**
 * Looks a certificate up, that of a signer, a link or a root, in the accepted CRLs of the CSCA whose key issued it. A CRL
 * counts unless a later one supersedes it: one by the same key, or by a newer key of that CSCA (Doc 9303-12, 4.4). Whether
 * it is stale is asked at `instant`.
 */
export function revocationStatus(
  { certificate, issuerKeySha256 }: IssuedCertificate,
  crls: readonly RevocationListJudgment[],
  instant: Date,
): RevocationStatus {
  const current = issuerKeySha256 === undefined ? [] : currentLists(issuerKeySha256, crls);
  const stale = current.some(({ crl }) => isStale(crl, instant));
  for (const { crl } of current) {
    const entry = crl.findRevoked(certificate.serialNumber);
    if (entry === undefined) continue;
    const { revocationDate, reason, invalidityDate } = entry;
    return { status: "revoked", isStale: stale, crl, revocationDate, reason, invalidityDate };
  }
  const [newest] = current;
  return {
    status: newest === undefined ? "undetermined" : "unrevoked",
    isStale: stale,
    crl: newest?.crl,
    revocationDate: undefined,
    reason: undefined,
    invalidityDate: undefined,
  };
}

/** Those of the CSCA which none supersedes, the newest first. */
function currentLists(
  issuerKeySha256: string,
  crls: readonly RevocationListJudgment[],
): readonly RevocationListJudgment[] {
  const ofCsca = crls.filter(
    ({ outcome, group }) => outcome === "accepted" && group?.keys.has(issuerKeySha256) === true,
  );
  const seen = new Set<string>();
  let newestKey = Number.NEGATIVE_INFINITY;
  return ofCsca.toSorted(byAge).filter((judgment) => {
    const { issuerKeySha256: signer = "" } = judgment;
    const isSuperseded = seen.has(signer) || sinceOf(judgment) < newestKey;
    seen.add(signer);
    newestKey = Math.max(newestKey, sinceOf(judgment));
    return !isSuperseded;
  });
}

function byAge(a: RevocationListJudgment, b: RevocationListJudgment): number {
  return b.crl.thisUpdate.getTime() - a.crl.thisUpdate.getTime() || sinceOf(b) - sinceOf(a);
}

/** Since when there is the key that signed it. */
function sinceOf({ group, issuerKeySha256 = "" }: RevocationListJudgment): number {
  return group?.keys.get(issuerKeySha256)?.since.getTime() ?? Number.NEGATIVE_INFINITY;
}
