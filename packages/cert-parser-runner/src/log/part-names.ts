/**
 * The parts of a bundle as people call them.
 *
 * @module
 */

import type { FoundIn, Origin, Rejection } from "cert-parser-core";

/** By the kind of a rejection. */
export const partNames: Readonly<Record<Rejection["kind"], string>> = {
  certificate: "certificate",
  crl: "CRL",
  deviation: "deviation",
  list: "list",
};

/** Where a part stood: `of the list`, or the member, block or entry that it was in. */
export function partPlace({ foundIn, origin }: Placed): string {
  return origin ? `of ${origin.name}` : `of the ${foundIn}`;
}

interface Placed {
  readonly foundIn: FoundIn;
  readonly origin: Origin | null | undefined;
}
