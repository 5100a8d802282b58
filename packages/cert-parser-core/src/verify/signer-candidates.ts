/**
 * The certificates that a signerInfo may mean, RFC 5652 section 5.3.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import type { SignerIdentifier } from "../cms/signer-info.ts";
import type { Certificate } from "../x509/certificate.ts";
import { foldName } from "../x509/name.ts";
import { isIssuer } from "./signer-profile.ts";

/** Finds the certificates that an identifier names. */
export type CandidateSearch = (sid: SignerIdentifier) => readonly Certificate[];

/** Looks among the certificates of the envelope, then among the CSCAs elsewhere: one may have signed directly. */
export function signerCandidates(
  envelope: readonly Certificate[],
  elsewhere: readonly (readonly Certificate[])[],
  purpose: string,
): CandidateSearch {
  const beside = createCandidateSearch(() => envelope, purpose);
  const issuers = createCandidateSearch(() => elsewhere.flat().filter(isIssuer), purpose);
  return (sid) => [...beside(sid), ...issuers(sid)];
}

/**
 * Makes certificates ready to be searched, when the first is asked for: signers may be as many as they. What is found is
 * each there once, in the order in which it is to be tried: a certificate that says of itself that it signs lists comes
 * first, so that one with the same identifier does not stand in its way.
 *
 * Key identifiers are read from the extension: recomputed, that of the Dutch signer (SHA-256) would be another.
 */
function createCandidateSearch(certificates: () => readonly Certificate[], purpose: string): CandidateSearch {
  let index: CandidateIndex | undefined;
  const known = new Map<string, readonly Certificate[]>();
  return (sid) => {
    index ??= indexCandidates(certificates());
    const name = nameOf(sid);
    const found = known.get(name) ?? inOrder(lookUp(index, sid), purpose);
    known.set(name, found);
    return found;
  };
}

interface CandidateIndex {
  readonly byKeyIdentifier: ReadonlyMap<string | undefined, readonly Certificate[]>;
  readonly bySerialNumber: ReadonlyMap<string, readonly Certificate[]>;
}

function indexCandidates(certificates: readonly Certificate[]): CandidateIndex {
  return {
    byKeyIdentifier: Map.groupBy(
      certificates,
      ({ subjectKeyIdentifier }) => subjectKeyIdentifier && toHex(subjectKeyIdentifier),
    ),
    bySerialNumber: Map.groupBy(certificates, ({ serialNumber }) => toHex(serialNumber)),
  };
}

/** By the folded name: a Ukrainian signer has named its issuer in another encoding than its certificate (gmrtd, issues 353 and 440). */
function lookUp(
  { byKeyIdentifier, bySerialNumber }: CandidateIndex,
  sid: SignerIdentifier,
): readonly Certificate[] {
  if (sid.type === "subjectKeyIdentifier") return byKeyIdentifier.get(toHex(sid.subjectKeyIdentifier)) ?? [];
  const issuer = foldName(sid.issuer);
  return (bySerialNumber.get(toHex(sid.serialNumber)) ?? []).filter(
    (certificate) => foldName(certificate.issuer) === issuer,
  );
}

function inOrder(certificates: readonly Certificate[], purpose: string): readonly Certificate[] {
  const distinct = new Map(certificates.map((certificate) => [certificate.sha256, certificate]));
  const signsLists = Map.groupBy(
    distinct.values(),
    ({ extKeyUsage }) => extKeyUsage?.includes(purpose) ?? false,
  );
  return [...(signsLists.get(true) ?? []), ...(signsLists.get(false) ?? [])].slice(0, maxCandidates);
}

function nameOf(sid: SignerIdentifier): string {
  return sid.type === "subjectKeyIdentifier"
    ? toHex(sid.subjectKeyIdentifier)
    : `${toHex(sid.serialNumber)} ${foldName(sid.issuer)}`;
}

// Real envelopes have one; a portable engine tries this many in a third of a second.
const maxCandidates = 64;
