/**
 * When a CSCA's key signs: its private key usage period, which is far shorter than the validity of its certificate.
 *
 * @module
 */

import type { Certificate } from "../x509/certificate.ts";

/** An interval, both ends of which are in it. */
export interface UsagePeriod {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** The private key usage period, and the validity in place of what it leaves out: RFC 3280, 4.2.1.4. */
export function usagePeriodOf({ privateKeyUsagePeriod, notBefore, notAfter }: Certificate): UsagePeriod {
  return {
    notBefore: privateKeyUsagePeriod?.notBefore ?? notBefore,
    notAfter: privateKeyUsagePeriod?.notAfter ?? notAfter,
  };
}

/** Tells whether the instant is in the period. */
export function isWithin(instant: Date, { notBefore, notAfter }: UsagePeriod): boolean {
  return instant >= notBefore && instant <= notAfter;
}

/**
 * The periods that certificates of one key give it. One without the extension says nothing beside one with it: a link
 * often leaves out what the root of the same key has.
 */
export function usagePeriods(certificates: readonly Certificate[]): readonly UsagePeriod[] {
  const limited = certificates.filter(({ privateKeyUsagePeriod: period }) => period?.notAfter !== undefined);
  return (limited.length > 0 ? limited : certificates).map(usagePeriodOf);
}
