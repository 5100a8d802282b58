/**
 * Whether a CRL is of the present, and newer than the one before it.
 *
 * @module
 */

import { fromHex, toHex } from "../bytes/hex.ts";
import type { RevocationList } from "../crl/revocation-list.ts";
import { formatTime } from "../der/time.ts";
import type { AuthorityKeyFacts } from "./key-lineage.ts";
import { namedStep, type VerificationStep } from "./verification-step.ts";

/** What orders the CRLs of one key. */
export interface CrlOrder {
  /** Content octets of the INTEGER, lower-case hex; null if it has none. */
  readonly crlNumber: string | null;
  readonly thisUpdate: Date;
}

/** What is kept of a CRL that was accepted. */
export interface KnownRevocationList extends CrlOrder {
  /** The key that signed it: SHA-256 of its canonical SubjectPublicKeyInfo, lower-case hex. */
  readonly keySha256: string;
  /** SHA-256 of the CRL, lower-case hex. */
  readonly sha256: string;
}

/** The steps of its age, in their order. */
export type CrlAgeStepName = "this-update" | "key-period" | "order" | "next-update";

/** What the age of a CRL is judged by. */
export interface CrlAgeOptions {
  readonly now: Date;
  readonly known: readonly KnownRevocationList[];
  /** The key that signed it; undefined if that was not found. */
  readonly key: AuthorityKeyFacts | undefined;
}

/** Judges the dates of a CRL, and its number. */
export function crlAgeSteps(
  crl: RevocationList,
  { now, known, key }: CrlAgeOptions,
): readonly VerificationStep<CrlAgeStepName>[] {
  return [
    thisUpdateStep(crl, now),
    keyPeriodStep(crl, key),
    orderStep(crl, known, key?.keySha256),
    nextUpdateStep(crl, now),
  ];
}

/**
 * Whether the next CRL was due at an instant. One that does not say when it comes is stale after the 90 days in which
 * Doc 9303-12 wants one.
 */
export function isStale(
  { thisUpdate, nextUpdate }: { readonly thisUpdate: Date; readonly nextUpdate?: Date | null | undefined },
  instant: Date,
): boolean {
  return instant.getTime() > (nextUpdate?.getTime() ?? thisUpdate.getTime() + maxIntervalMs);
}

/** Orders the CRLs of one key by their dates, then by their numbers: two of one day may have no time. Negative if `a` is older. */
export function compareCrls(a: CrlOrder, b: CrlOrder): number {
  const age = a.thisUpdate.getTime() - b.thisUpdate.getTime();
  if (age !== 0 || a.crlNumber === null || b.crlNumber === null) return age;
  const [first, second] = [numberOf(a.crlNumber), numberOf(b.crlNumber)];
  return first < second ? -1 : Number(first > second);
}

/**
 * Those of one key that none of the others is newer than. Of one instant there may be several whose numbers do not order them:
 * all of these count, or a relay could choose between them.
 */
export function newestCrls<Item>(items: readonly Item[], orderOf: (item: Item) => CrlOrder): readonly Item[] {
  const latest = items.reduce((max, item) => Math.max(max, orderOf(item).thisUpdate.getTime()), -Infinity);
  const ofLatest = items.filter((item) => orderOf(item).thisUpdate.getTime() === latest);
  const numbers = ofLatest.flatMap((item) => orderOf(item).crlNumber ?? []).map(numberOf);
  const highest = numbers.reduce((max, number) => (number > max ? number : max), numbers[0] ?? 0n);
  return ofLatest.filter((item) => {
    const { crlNumber } = orderOf(item);
    return crlNumber === null || numberOf(crlNumber) === highest;
  });
}

/** What orders a CRL. */
export function crlOrder({ crlNumber, thisUpdate }: RevocationList): CrlOrder {
  return { crlNumber: crlNumber === undefined ? null : toHex(crlNumber), thisUpdate };
}

function thisUpdateStep({ thisUpdate }: RevocationList, now: Date): VerificationStep<CrlAgeStepName> {
  const message = `issued at ${formatTime(thisUpdate)}`;
  return thisUpdate.getTime() > now.getTime() + clockSkewMs
    ? notInFuture.failed("CRL_IN_FUTURE", `${message}, more than a day from now`)
    : notInFuture.passed(message);
}

/** An expired key signs no more CRLs, even if somebody still holds it. The twelve real CRLs are all within their usage period. */
function keyPeriodStep(
  { thisUpdate }: RevocationList,
  key: AuthorityKeyFacts | undefined,
): VerificationStep<CrlAgeStepName> {
  if (key === undefined) return keyPeriod.skipped("the key that signed it is not known");
  const issued = `issued at ${formatTime(thisUpdate)}`;
  if (thisUpdate > key.notAfter) {
    return keyPeriod.failed(
      "CRL_AFTER_KEY",
      `${issued}, after its key expired at ${formatTime(key.notAfter)}`,
    );
  }
  return thisUpdate > key.usageEnd
    ? keyPeriod.noted(
        "KEY_USAGE_PERIOD",
        `${issued}, after the usage period ended at ${formatTime(key.usageEnd)}`,
      )
    : keyPeriod.passed(`${issued}, while its key may sign`);
}

function nextUpdateStep(crl: RevocationList, now: Date): VerificationStep<CrlAgeStepName> {
  const { nextUpdate } = crl;
  const message = nextUpdate ? `the next one is due at ${formatTime(nextUpdate)}` : "it names no next one";
  return isStale(crl, now) ? freshness.noted("CRL_STALE", message) : freshness.passed(message);
}

/** Only those of the same key hold it back: a new key may begin anew, and adds to what the old one said. */
function orderStep(
  crl: RevocationList,
  known: readonly KnownRevocationList[],
  keySha256: string | undefined,
): VerificationStep<CrlAgeStepName> {
  if (keySha256 === undefined) return order.skipped("the key that signed it is not known");
  const ofKey = known.filter((other) => other.keySha256 === keySha256);
  // Accepted once, accepted for good: a later look does not take it back.
  if (ofKey.some(({ sha256 }) => sha256 === crl.sha256)) return order.passed("it was accepted before");
  for (const other of ofKey) {
    const flaw = olderThan(crl, other);
    if (flaw !== undefined) return order.failed("CRL_ROLLBACK", flaw);
  }
  return order.passed("no newer one of its key was accepted before");
}

function olderThan(crl: RevocationList, last: KnownRevocationList): string | undefined {
  const own = crlOrder(crl);
  if (
    own.crlNumber !== null &&
    last.crlNumber !== null &&
    numberOf(own.crlNumber) < numberOf(last.crlNumber)
  ) {
    return `its number is ${own.crlNumber}, and ${last.crlNumber} was accepted`;
  }
  if (compareCrls(own, last) > 0) return undefined;
  return `issued at ${formatTime(own.thisUpdate)}, and one of ${formatTime(last.thisUpdate)} was accepted`;
}

/** Of content octets, in two's complement; RFC 5280 has no negative number and none over 20 octets, CRLs may. */
function numberOf(hex: string): bigint {
  const { length } = fromHex(hex);
  return length === 0 ? 0n : BigInt.asIntN(length * 8, BigInt(`0x${hex}`));
}

const notInFuture = namedStep("this-update", "RFC 5280, 5.1.2.4");
const keyPeriod = namedStep("key-period", "Doc 9303-12, 7.1.1");
const order = namedStep("order", "RFC 5280, 5.2.3");
const freshness = namedStep("next-update", "RFC 5280, 5.1.2.5");
// As far as clocks of publishers and of operators are taken to differ.
const clockSkewMs = 24 * 60 * 60 * 1000;
// Doc 9303-12: a CSCA makes a CRL every 90 days, if not sooner.
const maxIntervalMs = 90 * 24 * 60 * 60 * 1000;
