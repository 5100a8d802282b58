/**
 * All CSCA certificates that the fixtures are made of.
 *
 * @module
 */

import { type BuiltCertificate, buildCertificate } from "../x509/certificate.ts";
import { certificateOddities } from "./certificate-oddities.ts";
import { type CertificatePlan, type KeySource, planCertificates } from "./certificate-plan.ts";
import { planCscas, publishers, rollovers } from "./cscas.ts";
import { generationOddities } from "./generation-oddities.ts";
import { applyOddities } from "./oddity.ts";

/** A certificate that was made, with what it was meant to be. */
export interface Inhabitant {
  readonly plan: CertificatePlan;
  readonly certificate: BuiltCertificate;
}

/** Plans the CSCAs, applies the oddities and signs every certificate; by name. */
export function buildPopulation(keys: KeySource): ReadonlyMap<string, Inhabitant> {
  const drafts = planCscas().flatMap(({ generations }) => generations);
  const generations = applyOddities(
    drafts.map((generation) => ({ ...generation, oddities: [] })),
    generationOddities,
    ({ csca }) => isOrdinary(csca),
  );
  const plans = applyOddities(
    planCertificates(generations, rollovers, keys),
    certificateOddities,
    ({ csca, isListed }) => isListed && isOrdinary(csca),
  );
  return new Map(
    plans
      .filter(({ isListed, isNext }) => isListed || isNext)
      .map((plan) => [plan.name, { plan, certificate: buildCertificate(plan.options) }]),
  );
}

/** Publishers and the CSCAs that roll over stay as Doc 9303 wants them, so that tests of trust see one thing at a time. */
function isOrdinary(csca: string): boolean {
  return !(csca in publishers) && !(csca in rollovers);
}
