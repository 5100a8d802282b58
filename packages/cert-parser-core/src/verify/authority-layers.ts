/**
 * CSCA certificates from everywhere that one may stand, the most trusted first, as one verification looks at them.
 *
 * @module
 */

import type { AuthorityIndex } from "../chain/authority-index.ts";
import type { Certificate } from "../x509/certificate.ts";
import { foldName } from "../x509/name.ts";

/** Certificates of one standing. */
export interface AuthorityLayer {
  readonly index: AuthorityIndex;
  /** Whether they were trusted before the list came: anchors, and certificates of the store. */
  readonly isVouchedFor: boolean;
}

/** A certificate that says of itself that it is a CSCA's. */
export interface Authority {
  readonly certificate: Certificate;
  /** SHA-256 of the canonical SubjectPublicKeyInfo, lower-case hex. */
  readonly keySha256: string;
  /** Folded. */
  readonly subject: string;
  readonly isVouchedFor: boolean;
}

/** The layers of one country. */
export interface AuthorityPool {
  readonly country: string;
  readonly indexes: readonly AuthorityIndex[];
  /** The certificates over a key, those that are vouched for first, each once. */
  ofKey(keySha256: string): readonly Authority[];
}

/** The country in upper case: Romania and Slovenia write theirs in lower case in one certificate and not in the next. */
export function upperCountry({ country }: Certificate): string | undefined {
  return country?.toUpperCase();
}

/** Looks at the layers as far as they are of the country. */
export function poolOf(layers: readonly AuthorityLayer[], country: string): AuthorityPool {
  const known = new Map<string, readonly Authority[]>();
  const byStanding = layers.toSorted((a, b) => Number(b.isVouchedFor) - Number(a.isVouchedFor));
  const collect = (keySha256: string): readonly Authority[] => {
    const found = new Map<string, Authority>();
    for (const { index, isVouchedFor } of byStanding) {
      for (const certificate of index.ofKey(keySha256)?.certificates ?? []) {
        if (upperCountry(certificate) !== country || found.has(certificate.sha256)) continue;
        const subject = foldName(certificate.subject);
        found.set(certificate.sha256, { certificate, keySha256, subject, isVouchedFor });
        if (found.size === maxCertificates) return [...found.values()];
      }
    }
    return [...found.values()];
  };
  return {
    country,
    indexes: layers.map(({ index }) => index),
    ofKey(keySha256) {
      const authorities = known.get(keySha256) ?? collect(keySha256);
      known.set(keySha256, authorities);
      return authorities;
    },
  };
}

// In the lists of the corpus together, no key has over four certificates.
const maxCertificates = 64;
