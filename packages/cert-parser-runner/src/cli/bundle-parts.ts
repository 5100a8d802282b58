/**
 * The certificates and CRLs of a bundle in the order in which `inspect` counts them.
 *
 * @module
 */

import type { Bundle, Certificate, RevocationList } from "cert-parser-core";

/** Those of the lists and those by themselves, in the order of the file; with `all`, those of the envelopes after them. */
export function* certificatesOf({ objects }: Bundle, all: boolean): Generator<Certificate> {
  for (const { certificates } of objects) yield* certificates;
  if (!all) return;
  for (const { envelopeCertificates } of objects) yield* envelopeCertificates;
}

/** In the order of the file. */
export function* crlsOf({ objects }: Bundle): Generator<RevocationList> {
  for (const { crls } of objects) yield* crls;
}
