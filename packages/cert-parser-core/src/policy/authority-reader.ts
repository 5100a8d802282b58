/**
 * The CSCA certificates that a store keeps, read once for all objects of a bundle.
 *
 * @module
 */

import { keySha256Of } from "../chain/authority-index.ts";
import { type AuthoritySet, gatherAuthorities } from "../chain/authority-set.ts";
import { CertParserError } from "../errors.ts";
import type { SignatureEngine } from "../signatures/signature-engine.ts";
import { type Certificate, parseCertificate } from "../x509/certificate.ts";
import { roleOf } from "../x509/role.ts";
import { type Known, type KnownTrust, nothingTrusted } from "./judgment.ts";

/** What is known of authorities, ready to verify with. */
export interface ReadAuthorities {
  /** Those that are not revoked. */
  readonly authorities: readonly Certificate[];
  /** The same, gathered. */
  readonly set: AuthoritySet;
  /** All of them, to tell which keys are of one CSCA: that one is revoked does not part it from the others. */
  readonly groups: AuthoritySet;
  /** Of operators, and of CSCA certificates that a CRL revokes: whoever has the key can make another certificate of it. */
  readonly revokedKeys: ReadonlySet<string>;
  /** Undefined where nothing is revoked. */
  readonly isRevoked: ((certificate: Certificate) => boolean) | undefined;
}

/** Makes a reader that parses no certificate twice, and gathers none twice of the same knowledge. */
export function createAuthorityReader(engine: SignatureEngine): (known: Known) => ReadAuthorities {
  const parsed = new WeakMap<Uint8Array, Certificate>();
  const gathered = new WeakMap<KnownTrust, ReadAuthorities>();
  const parse = (der: Uint8Array): readonly Certificate[] => {
    const certificate = parsed.get(der) ?? readCertificate(der);
    if (certificate === undefined) return [];
    parsed.set(der, certificate);
    return [certificate];
  };
  return ({ trust = nothingTrusted }) => {
    const before = gathered.get(trust);
    if (before !== undefined) return before;
    const all = trust.authorities.flatMap(parse);
    const revokedKeys = revokedKeysOf(trust, all, engine);
    const isRevoked = revocationsOf(trust, revokedKeys, engine);
    const authorities = isRevoked === undefined ? all : all.filter((certificate) => !isRevoked(certificate));
    const set = gatherAuthorities(authorities, { engine });
    const groups = isRevoked === undefined ? set : gatherAuthorities(all, { engine });
    const read = { authorities, set, groups, revokedKeys, isRevoked };
    gathered.set(trust, read);
    return read;
  };
}

function revokedKeysOf(
  { revokedKeys, revokedCertificates }: KnownTrust,
  authorities: readonly Certificate[],
  engine: Pick<SignatureEngine, "digest">,
): ReadonlySet<string> {
  const roots = authorities.filter((each) => roleOf(each) === "csca" && revokedCertificates.has(each.sha256));
  return new Set([...revokedKeys, ...roots.map(({ publicKey }) => keySha256Of(publicKey, engine))]);
}

function revocationsOf(
  { revokedCertificates }: KnownTrust,
  revokedKeys: ReadonlySet<string>,
  engine: Pick<SignatureEngine, "digest">,
): ReadAuthorities["isRevoked"] {
  if (revokedKeys.size + revokedCertificates.size === 0) return undefined;
  return ({ sha256, publicKey }) =>
    revokedCertificates.has(sha256) || revokedKeys.has(keySha256Of(publicKey, engine));
}

/** What an earlier version could read and this one cannot is no reason to judge nothing. */
function readCertificate(der: Uint8Array): Certificate | undefined {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (error instanceof CertParserError) return undefined;
    throw error;
  }
}
