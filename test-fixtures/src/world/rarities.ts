/**
 * What X.509 allows or forbids and no current list shows, but an older or a coming one may: one certificate for each.
 *
 * @module
 */

import { certificateRarities } from "./certificate-rarities.ts";
import { extensionRarities } from "./extension-rarities.ts";
import { keyRarities } from "./key-rarities.ts";
import type { Rarity } from "./rarity.ts";
import { signerRarities } from "./signer-rarities.ts";

/** Those that a reader of DER can read. */
export const rarities: readonly Rarity[] = [
  ...certificateRarities,
  ...extensionRarities,
  ...keyRarities,
  ...signerRarities,
];
