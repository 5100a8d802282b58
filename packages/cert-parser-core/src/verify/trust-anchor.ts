/**
 * Where trust in a publisher begins: anchors that an operator names, and keys that a store has pinned.
 *
 * @module
 */

import type { Certificate } from "../x509/certificate.ts";

/** A CSCA certificate, or the SHA-256 of one (hex), which must then stand among the certificates at hand. */
export type TrustAnchor = Certificate | string;

/** A pin: the key of a publisher whose lists were accepted. */
export interface TrustedKey {
  /** SHA-256 of the canonical SubjectPublicKeyInfo, lower-case hex. */
  readonly keySha256: string;
  /** Whether it was rolled away from: it vouches for no new list, and for no new key. */
  readonly retired: boolean;
  /** When its successor published first: lists signed before are still its own. Left out: it was retired ever since. */
  readonly since?: Date | undefined;
}

/** What the path of a signer ended at. */
export interface TrustEnd {
  readonly type: "anchor" | "pin";
  /** SHA-256 of the canonical SubjectPublicKeyInfo, lower-case hex. */
  readonly keySha256: string;
  /** The anchor; of a pin, a certificate of the key where one is at hand. */
  readonly certificate: Certificate | null;
}

/** The certificates of the anchors, and the fingerprints for which there is none. */
export interface ResolvedAnchors {
  readonly certificates: readonly Certificate[];
  /** Lower-case hex. */
  readonly missing: readonly string[];
}

/**
 * Finds the certificates that fingerprints name. Throws `TypeError` where there is not one anchor, since what is set and
 * empty must not fall back to trusting less, and where a text is no fingerprint.
 */
export function resolveAnchors(
  anchors: readonly TrustAnchor[],
  atHand: readonly (readonly Certificate[])[],
): ResolvedAnchors {
  if (anchors.length === 0) throw new TypeError("anchors is empty: leave it out to verify without");
  const certificates = anchors.filter((anchor) => typeof anchor !== "string");
  const wanted = new Set(anchors.filter((anchor) => typeof anchor === "string").map(fingerprint));
  for (const certificate of wanted.size === 0 ? [] : atHand.flat()) {
    if (wanted.delete(certificate.sha256)) certificates.push(certificate);
  }
  return { certificates, missing: [...wanted] };
}

function fingerprint(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new TypeError(`anchor ${JSON.stringify(text)} is neither a certificate nor a SHA-256 in hex`);
}
