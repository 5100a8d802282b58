/**
 * Completes what a store knows for one bundle.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import type { Bundle } from "../icao/bundle.ts";
import type { Known } from "../policy/known.ts";
import { ok } from "../result.ts";
import type { PortResult, TrustStore } from "./ports.ts";

/** With what the store's CRLs say of the certificates of the bundle, those of its envelopes too. */
export async function lookUpRevocations(
  store: TrustStore,
  { objects }: Bundle,
  known: Known,
  signal: AbortSignal,
): PortResult<Known> {
  const { trust } = known;
  if (store.revocations === undefined || trust === undefined || trust.facts.crls.length === 0) {
    return ok(known);
  }
  const asked = new Set(
    objects
      .flatMap(({ certificates, envelopeCertificates }) => [...certificates, ...envelopeCertificates])
      .map(({ serialNumber }) => toHex(serialNumber)),
  );
  if (asked.size === 0) return ok(known);
  const found = await store.revocations([...asked], signal);
  if (!found.ok) return found;
  const crls = trust.facts.crls.map((crl) => {
    const entries = found.value.get(crl.sha256);
    if (entries === undefined) return crl;
    const others = crl.revoked.filter(({ serialNumber }) => !asked.has(serialNumber));
    return { ...crl, revoked: [...others, ...entries] };
  });
  return ok({ ...known, trust: { ...trust, facts: { ...trust.facts, crls } } });
}
