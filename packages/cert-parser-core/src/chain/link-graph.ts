/**
 * How the certificates of each country hang together: CSCAs, rollovers, and links that lead nowhere.
 *
 * @module
 */

import type { Certificate } from "../x509/certificate.ts";
import { foldName } from "../x509/name.ts";
import { roleOf } from "../x509/role.ts";
import { foldCountry, isAuthority } from "./authority-index.ts";
import type { CertificateJudgment } from "./certificate-verdict.ts";
import { type CscaGroup, type CscaKey, cscaGroups, isOfOneCsca } from "./csca-group.ts";
import { isWithin, usagePeriods } from "./private-key-usage.ts";

/** The CSCAs of one country. */
export interface CountryLinks {
  /** In upper case; undefined for those that name none. */
  readonly country: string | undefined;
  readonly groups: readonly CscaGroup[];
  /** In the order in which the links begin to be valid. */
  readonly rollovers: readonly Rollover[];
  /** Certificates that are links by their content, and whose issuer was not found. */
  readonly brokenLinks: readonly CertificateJudgment[];
}

/** A link certificate that leads from a key of a CSCA to a newer one. */
export interface Rollover {
  readonly link: Certificate;
  readonly oldKeySha256: string;
  readonly newKeySha256: string;
  /** Whether the CSCA took another name with the new key. */
  readonly changesName: boolean;
  /** Whether the old key signed the link within its private key usage period, or the validity where there is none. */
  readonly isWithinUsagePeriod: boolean;
}

/** Draws the graph of each country, in alphabetical order; certificates that stand there twice count once. */
export function linkGraph(judgments: readonly CertificateJudgment[]): readonly CountryLinks[] {
  const authorities = [...new Map(judgments.map((one) => [one.certificate.sha256, one])).values()].filter(
    ({ certificate }) => isAuthority(certificate),
  );
  const groups = cscaGroups(authorities);
  const keys = new Map(groups.flatMap((group) => [...group.keys]));
  const groupsByCountry = Map.groupBy(groups, ({ country }) => country ?? "");
  const byCountry = Map.groupBy(authorities, ({ certificate }) => foldCountry(certificate.subject));
  return [...new Set([...groupsByCountry.keys(), ...byCountry.keys()])].toSorted().map((country) => ({
    country: country === "" ? undefined : country,
    groups: groupsByCountry.get(country) ?? [],
    rollovers: rolloversOf(byCountry.get(country) ?? [], keys),
    brokenLinks: (byCountry.get(country) ?? []).filter(isBrokenLink),
  }));
}

/**
 * The countries, in alphabetical order, that have CSCA certificates and none that is valid at the instant. One whose
 * signature is found bad counts as none.
 */
export function countriesWithoutCsca(
  judgments: readonly CertificateJudgment[],
  instant: Date,
): readonly string[] {
  const countries = new Map<string, boolean>();
  for (const { certificate, verdict } of judgments) {
    if (!isAuthority(certificate)) continue;
    const country = foldCountry(certificate.subject);
    const isValid = verdict !== "signature-invalid" && isWithin(instant, certificate);
    countries.set(country, isValid || countries.get(country) === true);
  }
  return [...countries]
    .filter(([country, hasValid]) => country !== "" && !hasValid)
    .map(([country]) => country)
    .toSorted();
}

function isBrokenLink({ certificate, verdict }: CertificateJudgment): boolean {
  return roleOf(certificate) === "link" && verdict !== "root" && verdict !== "link";
}

/** Ireland and Japan, among others, have their new key sign the old one too: that is no rollover. */
function rolloversOf(
  judgments: readonly CertificateJudgment[],
  keys: ReadonlyMap<string, CscaKey>,
): readonly Rollover[] {
  return judgments
    .flatMap((judgment) => rolloverOf(judgment, keys) ?? [])
    .toSorted((a, b) => a.link.notBefore.getTime() - b.link.notBefore.getTime());
}

function rolloverOf(judgment: CertificateJudgment, keys: ReadonlyMap<string, CscaKey>): Rollover | undefined {
  const { certificate: link, verdict, keySha256, issuerKeySha256 } = judgment;
  if (verdict !== "link" || issuerKeySha256 === undefined || !isOfOneCsca(judgment)) return undefined;
  const [oldKey, newKey] = [keys.get(issuerKeySha256), keys.get(keySha256)];
  if (oldKey === undefined || newKey === undefined || newKey.since <= oldKey.since) return undefined;
  return {
    link,
    oldKeySha256: issuerKeySha256,
    newKeySha256: keySha256,
    changesName: foldName(link.subject) !== foldName(link.issuer),
    isWithinUsagePeriod: usagePeriods(oldKey.certificates).some((period) => isWithin(link.notBefore, period)),
  };
}
