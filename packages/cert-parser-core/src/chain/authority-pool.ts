/**
 * The CSCA certificates of one country, from everywhere that they may be found, ready to be searched.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import type { Certificate } from "../x509/certificate.ts";
import { foldName } from "../x509/name.ts";
import type { PublicKey } from "../x509/public-key.ts";
import { isAuthority } from "./authority-index.ts";

/** Where certificates are at hand, the more trusted ones first. */
export interface CertificateSources {
  readonly anchors: readonly Certificate[];
  /** Of the store, its history and the other accepted sources. */
  readonly authorities: readonly Certificate[];
  /** The list's own, which its signature covers once that is good. */
  readonly list: readonly Certificate[];
  /** Beside the list: nothing covers them. */
  readonly envelope: readonly Certificate[];
}

/** A certificate that says of itself that it is a CSCA's. */
export interface Authority {
  readonly certificate: Certificate;
  /** SHA-256 of the SubjectPublicKeyInfo, lower-case hex. */
  readonly keySha256: string;
  /** Folded. */
  readonly subject: string;
  /** Whether it was trusted before the list came: an anchor, or a certificate of the store. */
  readonly isVouchedFor: boolean;
}

/** The certificates of one country, those that are vouched for first, each once. */
export interface AuthorityPool {
  /** At most so many that a list which repeats one key stays cheap. */
  ofKey(keySha256: string): readonly Authority[];
  /** Who may have issued the certificate: those that its key identifier names, then those of the issuer's name. */
  issuersOf(certificate: Certificate): readonly Authority[];
}

/** Collects the CSCA and link certificates of a country. */
export function createAuthorityPool(
  sources: CertificateSources,
  country: string,
  keySha256: (publicKey: PublicKey) => string,
): AuthorityPool {
  const found = new Map<string, Authority>();
  const collect = (certificates: readonly Certificate[], isVouchedFor: boolean): void => {
    for (const certificate of certificates) {
      if (upperCountry(certificate) !== country || !isAuthority(certificate)) continue;
      if (found.has(certificate.sha256)) continue;
      const { publicKey, subject } = certificate;
      found.set(certificate.sha256, {
        certificate,
        keySha256: keySha256(publicKey),
        subject: foldName(subject),
        isVouchedFor,
      });
    }
  };
  collect(sources.anchors, true);
  collect(sources.authorities, true);
  collect(sources.list, false);
  collect(sources.envelope, false);

  const authorities = [...found.values()];
  const byKey = Map.groupBy(authorities, (authority) => authority.keySha256);
  const bySubject = Map.groupBy(authorities, ({ subject }) => subject);
  const byIdentifier = Map.groupBy(authorities, ({ certificate }) => identifier(certificate));
  return {
    ofKey: (key) => firstOf(byKey.get(key)),
    issuersOf(certificate) {
      const { authorityKeyIdentifier } = certificate;
      const named = authorityKeyIdentifier && byIdentifier.get(toHex(authorityKeyIdentifier));
      const sameName = bySubject.get(foldName(certificate.issuer));
      return [...new Set([...firstOf(named), ...firstOf(sameName)])];
    },
  };
}

/** The country in upper case: Romania and Slovenia write theirs in lower case in one certificate and not in the next. */
export function upperCountry({ country }: Certificate): string | undefined {
  return country?.toUpperCase();
}

function identifier({ subjectKeyIdentifier }: Certificate): string | undefined {
  return subjectKeyIdentifier && toHex(subjectKeyIdentifier);
}

function firstOf(authorities: readonly Authority[] | undefined): readonly Authority[] {
  return authorities?.slice(0, maxAlike) ?? [];
}

// In the lists of the corpus together, China has nineteen certificates of one name, of ten keys; no key has over four.
const maxAlike = 64;
