/**
 * Which countries' documents can be checked, in words.
 *
 * @module
 */

import { formatCount, formatQuantity } from "../log/figures.ts";
import type { CountryCoverage } from "../store/coverage.ts";
import type { Row } from "./layout.ts";

/** Countries with a valid CSCA, and how recent their CRLs are. */
export function coverageRows(coverage: readonly CountryCoverage[]): readonly Row[] {
  if (coverage.length === 0) return [];
  const valid = coverage.filter(({ validCscas }) => validCscas > 0);
  const without = coverage.filter(({ validCscas }) => validCscas === 0);
  const withCrl = (crl: CountryCoverage["crl"]) => valid.filter((each) => each.crl === crl);
  return [
    [
      "coverage",
      `${formatQuantity(valid.length, "country", "countries")} with a valid CSCA; their CRL: ` +
        `${formatCount(withCrl("fresh").length)} fresh, ${formatCount(withCrl("stale").length)} stale, ` +
        `${formatCount(withCrl("none").length)} none`,
    ],
    ...namesRow("CRL fresh", withCrl("fresh")),
    ...namesRow("CRL stale", withCrl("stale")),
    ...namesRow("CRL none", withCrl("none")),
    ...namesRow("no valid CSCA", without),
  ];
}

function namesRow(label: string, countries: readonly CountryCoverage[]): readonly Row[] {
  if (countries.length === 0) return [];
  return [[label, countries.map(({ country }) => (country === "" ? "(no country)" : country)).join(" ")]];
}
