/**
 * Whether a CRL is of the present, and newer than the one before it.
 *
 * @module
 */

import { fromHex, toHex } from "../bytes/hex.ts";
import type { RevocationList } from "../crl/revocation-list.ts";
import { formatTime } from "../der/time.ts";
import type { CscaGroup } from "./csca-group.ts";
import { type NamedStep, namedStep } from "./named-step.ts";

/** What is kept of a CRL that was accepted. */
export interface KnownRevocationList {
  /** SHA-256 of the SubjectPublicKeyInfo of the key that signed it, lower-case hex. */
  readonly keySha256: string;
  /** SHA-256 of the CRL, lower-case hex. */
  readonly sha256: string;
  /** Content octets of the INTEGER, lower-case hex; null where it has none. */
  readonly crlNumber: string | null;
  readonly thisUpdate: Date;
}

/** The steps of its age, in their order. */
export type CrlAgeStepName = "this-update" | "order" | "next-update";

/** What the age of a CRL is judged by. */
export interface CrlAgeOptions {
  readonly now: Date;
  readonly known: readonly KnownRevocationList[];
  readonly group: CscaGroup | undefined;
  readonly keySha256: string | undefined;
}

/** Judges the dates of a CRL, and its number. */
export function crlAgeSteps(
  crl: RevocationList,
  options: CrlAgeOptions,
): readonly NamedStep<CrlAgeStepName>[] {
  return [thisUpdateStep(crl, options.now), orderStep(crl, options), nextUpdateStep(crl, options.now)];
}

/**
 * Whether the next CRL was due at an instant. One that does not say when it comes is stale after the 90 days in which
 * Doc 9303-12 wants one.
 */
export function isStale({ thisUpdate, nextUpdate }: RevocationList, instant: Date): boolean {
  return instant.getTime() > (nextUpdate?.getTime() ?? thisUpdate.getTime() + maxIntervalMs);
}

function thisUpdateStep({ thisUpdate }: RevocationList, now: Date): NamedStep<CrlAgeStepName> {
  const message = `it is of ${formatTime(thisUpdate)}`;
  return thisUpdate.getTime() > now.getTime() + clockSkewMs
    ? notInFuture.failed("CRL_IN_FUTURE", `${message}, over a day from now`)
    : notInFuture.passed(message);
}

function nextUpdateStep(crl: RevocationList, now: Date): NamedStep<CrlAgeStepName> {
  const { nextUpdate } = crl;
  const message = nextUpdate ? `the next one is due at ${formatTime(nextUpdate)}` : "it names no next one";
  return isStale(crl, now) ? freshness.noted("CRL_STALE", message) : freshness.passed(message);
}

/**
 * Numbers are compared where one key signed both: a new key may begin anew. Between keys the dates decide, and only
 * those of newer keys hold back a CRL of an older one, which they supersede.
 */
function orderStep(
  crl: RevocationList,
  { known, group, keySha256 }: CrlAgeOptions,
): NamedStep<CrlAgeStepName> {
  const since = keySince(group, keySha256);
  for (const other of known) {
    if (other.sha256 === crl.sha256) continue;
    const flaw =
      other.keySha256 === keySha256
        ? olderThanLast(crl, other)
        : olderThanNewKeys(crl, other, since, keySince(group, other.keySha256));
    if (flaw !== undefined) return order.failed("CRL_ROLLBACK", flaw);
  }
  return order.passed("none that is newer was accepted before");
}

function olderThanLast(crl: RevocationList, last: KnownRevocationList): string | undefined {
  const { thisUpdate, crlNumber } = crl;
  if (crlNumber !== undefined && last.crlNumber !== null) {
    const [number, before] = [integerOf(crlNumber), integerOf(fromHex(last.crlNumber))];
    if (number < before) {
      return `its number is ${toHex(crlNumber)}, and ${last.crlNumber} was accepted`;
    }
    // Two of one day, whose dates have no time.
    if (number > before && thisUpdate.getTime() === last.thisUpdate.getTime()) return undefined;
  }
  if (thisUpdate > last.thisUpdate) return undefined;
  return `it is of ${formatTime(thisUpdate)}, and another of ${formatTime(last.thisUpdate)} was accepted`;
}

function olderThanNewKeys(
  { thisUpdate }: RevocationList,
  other: KnownRevocationList,
  since: Date | undefined,
  otherSince: Date | undefined,
): string | undefined {
  if (since === undefined || otherSince === undefined || otherSince <= since) return undefined;
  if (thisUpdate > other.thisUpdate) return undefined;
  const superseding = `one of ${formatTime(other.thisUpdate)} by a newer key`;
  return `it is of ${formatTime(thisUpdate)}, and ${superseding} supersedes it`;
}

function keySince(group: CscaGroup | undefined, keySha256: string | undefined): Date | undefined {
  return keySha256 === undefined ? undefined : group?.keys.get(keySha256)?.since;
}

/** Of content octets, in two's complement; RFC 5280 has no negative number and none over 20 octets, CRLs may. */
function integerOf(octets: Uint8Array): bigint {
  return octets.length === 0 ? 0n : BigInt.asIntN(octets.length * 8, BigInt(`0x${toHex(octets)}`));
}

const notInFuture = namedStep("this-update", "RFC 5280, 5.1.2.4");
const order = namedStep("order", "RFC 5280, 5.2.3");
const freshness = namedStep("next-update", "RFC 5280, 5.1.2.5");
// As far as clocks of publishers and of operators are taken to differ.
const clockSkewMs = 24 * 60 * 60 * 1000;
// Doc 9303-12: a CSCA makes a CRL every 90 days, if not sooner.
const maxIntervalMs = 90 * 24 * 60 * 60 * 1000;
