/**
 * What an operator decides of trust, and a fingerprint of it.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import type { SignatureEngine } from "../signatures/signature-engine.ts";
import type { TrustAnchor } from "../verify/trust-anchor.ts";
import type { JudgmentReason } from "./judgment.ts";

/** Where trust in publishers comes from. */
export type TrustMode = "anchor" | "off" | "pin" | "unanchored";

/** The reasons that an operator may lift for one bundle. Never a signature, a digest, a profile or a structure. */
export type LiftableCode =
  | "KEY_WITHDRAWN"
  | "LINK_REVOKED"
  | "LINK_UNSEEN"
  | "LIST_TOO_OLD"
  | "PKD_VERSION_GAP"
  | "PKD_VERSION_JUMP"
  | "PUBLISHER_UNKNOWN"
  | "ROLLBACK"
  | "SHRINK";

/** All of them. */
export const liftableCodes: readonly LiftableCode[] = [
  "KEY_WITHDRAWN",
  "LINK_REVOKED",
  "LINK_UNSEEN",
  "LIST_TOO_OLD",
  "PKD_VERSION_GAP",
  "PKD_VERSION_JUMP",
  "PUBLISHER_UNKNOWN",
  "ROLLBACK",
  "SHRINK",
];

/** The settings of a policy. */
export interface TrustSettings {
  /**
   * `anchor`: every list must end at one of `anchors`. `pin`: the first list of an empty store is trusted, later ones must
   * come from its publisher. `off`: no signature is verified, and nothing is learnt. `unanchored`: whether a list is sound in
   * itself, whoever published it; no store is to be filled by it.
   */
  readonly mode: TrustMode;
  /** For `anchor`, and not empty then. */
  readonly anchors: readonly TrustAnchor[];
  /**
   * How many of the certificates held, in percent, may be missing from a new bundle. One or two may always leave, as long
   * as something stays.
   */
  readonly maxRemovedPercent: number;
  /** Fewest distinct certificates that a bundle may have. */
  readonly minCertificates: number;
  /** How old the first list of a publisher may be, in milliseconds. */
  readonly maxListAgeMs: number;
  /** Sources whose content nobody signs. */
  readonly unsignedSources: readonly string[];
  /** For a test PKI: SHA-1 and short keys are noted, not refused. */
  readonly allowWeakAlgorithms: boolean;
  /** Lifted by an operator for the bundle that is judged. */
  readonly lifted: readonly LiftableCode[];
  /** Keys of publishers, lower-case hex, for whose lists alone it is lifted; left out: for the whole bundle. */
  readonly liftedFor?: readonly string[] | undefined;
  readonly engine: SignatureEngine;
}

/** Checks the settings. Throws `TypeError` where anchors and mode do not go together. */
export function expectConsistent({ mode, anchors }: TrustSettings): void {
  if (mode === "anchor" && anchors.length === 0) throw new TypeError("mode anchor wants at least one anchor");
  if (mode !== "anchor" && anchors.length > 0) throw new TypeError(`mode ${mode} knows no anchors`);
}

/** A reason that an operator lifted is only a note. */
export function lift(
  reason: JudgmentReason,
  { lifted, liftedFor }: Pick<TrustSettings, "lifted" | "liftedFor">,
  publisher?: string,
): JudgmentReason {
  const isMeant = liftedFor === undefined || (publisher !== undefined && liftedFor.includes(publisher));
  const isLifted = isMeant && reason.weight !== "note" && lifted.some((code) => code === reason.code);
  return isLifted ? { ...reason, weight: "note" } : reason;
}

/** SHA-256 of what the settings come to, lower-case hex; what is lifted for one bundle is no part of it. */
export function fingerprintOf({
  engine,
  anchors,
  unsignedSources,
  lifted: _,
  liftedFor: __,
  ...thresholds
}: TrustSettings): string {
  const text = JSON.stringify([
    policyVersion,
    Object.entries(thresholds).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    anchors.map((anchor) => (typeof anchor === "string" ? anchor.toLowerCase() : anchor.sha256)).toSorted(),
    unsignedSources.toSorted(),
  ]);
  return toHex(engine.digest("SHA-256", new TextEncoder().encode(text)));
}

// Goes up where the same settings come to judge otherwise: what was accepted before is then judged anew.
const policyVersion = 2;
