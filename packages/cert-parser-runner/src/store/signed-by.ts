/**
 * What the signers of a bundle claim: who they are, and when they signed. None of it is verified here.
 *
 * @module
 */

import { type Bundle, formatName, toHex } from "cert-parser-core";

/** The signers as plain data, in the order of the bundle. */
export function claimedSigners({ objects }: Bundle): readonly object[] {
  return objects
    .flatMap(({ signers }) => signers)
    .map(({ sid, digestAlgorithm, signatureAlgorithm, signingTime }) => ({
      sid:
        sid.type === "subjectKeyIdentifier"
          ? { type: sid.type, subjectKeyIdentifier: toHex(sid.subjectKeyIdentifier) }
          : { type: sid.type, issuer: formatName(sid.issuer), serialNumber: toHex(sid.serialNumber) },
      digestAlgorithm: digestAlgorithm.algorithm,
      signatureAlgorithm: signatureAlgorithm.algorithm,
      signingTime: signingTime?.toISOString() ?? null,
    }));
}
