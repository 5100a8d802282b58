/**
 * Whether a certificate is revoked, by the CRLs of the CSCA that issued it: Doc 9303-12, D.1.2.3.
 *
 * @module
 */

import { equalBytes } from "../bytes/compare.ts";
import type { CrlReason } from "../crl/crl-reason.ts";
import type { RevocationList } from "../crl/revocation-list.ts";
import type { RevokedCertificate } from "../crl/revoked-certificate.ts";
import type { CertificateJudgment } from "./certificate-verdict.ts";
import { compareCrls, crlOrder, isStale, newestCrls } from "./crl-age.ts";
import type { RevocationListJudgment } from "./crl-verdict.ts";

/** What CRLs say of a certificate. */
export interface RevocationStatus {
  /** `undetermined` if no accepted CRL speaks of it. */
  readonly status: "revoked" | "unrevoked" | "undetermined";
  /** Whether the next CRL is due: beside the status, not instead of it. */
  readonly isStale: boolean;
  /** The CRL that says so; undefined if none does. */
  readonly crl: RevocationList | undefined;
  /** Undefined if it is not revoked. */
  readonly revocationDate: Date | undefined;
  /** Undefined if it is not revoked, or none is given. */
  readonly reason: CrlReason | undefined;
  /** When the key is thought to have become known; undefined if it is not revoked, or none is given. */
  readonly invalidityDate: Date | undefined;
  /** CRLs of sibling or namesake keys that list it. They change no status: somebody should look into it. */
  readonly alerts: readonly RevocationList[];
}

/** A certificate, bound to the key that issued it. A {@link CertificateJudgment} is one. */
export type IssuedCertificate = Pick<CertificateJudgment, "certificate" | "issuerKeySha256">;

/** What else bears on a status. */
export interface RevocationStatusOptions {
  /** Keys that are revoked or withdrawn: their CRLs add revocations, and say nothing good of anybody. */
  readonly limitedKeys?: ReadonlySet<string> | undefined;
}

/**
 * Looks up a certificate, that of a signer, a link or a root, in the accepted CRLs that speak for the key which issued it.
 * The latest CRL of each such key counts, and one that revokes decides: a newer key adds, and lifts nothing. Whether it is
 * stale is asked at `instant`.
 */
export function revocationStatus(
  { certificate, issuerKeySha256 }: IssuedCertificate,
  crls: readonly RevocationListJudgment[],
  instant: Date,
  { limitedKeys = new Set() }: RevocationStatusOptions = {},
): RevocationStatus {
  const accepted = crls.filter(({ outcome }) => outcome === "accepted");
  const spoken = accepted.filter(
    ({ speaksFor }) => issuerKeySha256 !== undefined && speaksFor.has(issuerKeySha256),
  );
  const current = latestOfEach(spoken, limitedKeys);
  const fresh = current.filter(({ issuerKeySha256: key = "" }) => !limitedKeys.has(key));
  const alerts = accepted
    .filter(({ alertsFor }) => issuerKeySha256 !== undefined && alertsFor.has(issuerKeySha256))
    .map(({ crl }) => crl)
    .filter((crl) => findRevoking(crl, certificate.serialNumber) !== undefined);
  const [newest] = fresh;
  const common = { isStale: newest !== undefined && isStale(newest.crl, instant), alerts };
  for (const { crl } of current) {
    const entry = findRevoking(crl, certificate.serialNumber);
    if (entry === undefined) continue;
    const { revocationDate, reason, invalidityDate } = entry;
    return { ...common, status: "revoked", crl, revocationDate, reason, invalidityDate };
  }
  return {
    ...common,
    status: newest === undefined ? "undetermined" : "unrevoked",
    crl: newest?.crl,
    revocationDate: undefined,
    reason: undefined,
    invalidityDate: undefined,
  };
}

/** The first entry that revokes: one that takes the serial number off the CRL (RFC 5280, 5.3.1) does not outweigh another. */
function findRevoking(crl: RevocationList, serialNumber: Uint8Array): RevokedCertificate | undefined {
  const first = crl.findRevoked(serialNumber);
  if (first?.reason !== "removeFromCRL") return first;
  for (const entry of crl.revokedCertificates) {
    if (entry.reason !== "removeFromCRL" && equalBytes(entry.serialNumber, serialNumber)) return entry;
  }
  return undefined;
}

/** The latest of each key, the newest first; all of those keys whose word only adds. */
function latestOfEach(
  crls: readonly RevocationListJudgment[],
  limitedKeys: ReadonlySet<string>,
): readonly RevocationListJudgment[] {
  const byKey = Map.groupBy(crls, ({ issuerKeySha256 = "" }) => issuerKeySha256);
  return [...byKey]
    .flatMap(([key, ofKey]) => (limitedKeys.has(key) ? ofKey : newestCrls(ofKey, ({ crl }) => crlOrder(crl))))
    .toSorted((a, b) => compareCrls(crlOrder(b.crl), crlOrder(a.crl)));
}
