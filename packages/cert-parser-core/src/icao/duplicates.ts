/**
 * Parts of a file that stand there more than once.
 *
 * @module
 */

import { decodeLatin1 } from "../bytes/text.ts";
import type { RevocationList } from "../crl/revocation-list.ts";
import type { Finding } from "../findings.ts";
import type { Certificate } from "../x509/certificate.ts";

/** Notes each certificate that stood there before. */
export function duplicateCertificates(certificates: readonly Certificate[]): readonly Finding[] {
  return repeated(certificates).map(({ index, offset }) => ({
    code: "DUPLICATE_CERTIFICATE",
    message: `certificate ${index} stands there before`,
    offset,
    clause: "X.690, 11.6",
  }));
}

/** Notes each CRL that stood there before. */
export function duplicateRevocationLists(crls: readonly RevocationList[]): readonly Finding[] {
  return repeated(crls).map(({ index, offset }) => ({
    code: "DUPLICATE_CRL",
    message: `CRL ${index} stands there before`,
    offset,
    clause: "X.690, 11.6",
  }));
}

/** Their last bytes, of a signature, tell most apart: few need be hashed to know. */
function repeated<T extends { readonly der: Uint8Array; readonly sha256: string }>(
  parts: readonly T[],
): readonly T[] {
  const firstWithTail = new Map<string, T>();
  const fingerprints = new Set<string>();
  return parts.filter((part) => {
    const tail = decodeLatin1(part.der.subarray(-16));
    const first = firstWithTail.get(tail);
    if (first === undefined) {
      firstWithTail.set(tail, part);
      return false;
    }
    fingerprints.add(first.sha256);
    const known = fingerprints.has(part.sha256);
    fingerprints.add(part.sha256);
    return known;
  });
}
