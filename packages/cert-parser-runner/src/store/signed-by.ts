/**
 * What the signers of a bundle say: who they are, and when they signed. None of it is verified here.
 *
 * @module
 */

import {
  type Bundle,
  formatName,
  fromHex,
  parseName,
  type SignerInfo,
  type Snapshot,
  toHex,
} from "cert-parser-core";
import { predecessorMasterListIssuer } from "./predecessor-names.ts";

/** The latest signing time of the bundle; null where no signer says. */
export function signingTimeOf(bundle: Bundle): Date | null {
  const times = signersOf(bundle).flatMap(({ signingTime }) =>
    signingTime === undefined ? [] : [signingTime],
  );
  return times.length === 0 ? null : new Date(Math.max(...times.map((time) => time.getTime())));
}

/** The signers as plain data, in the order of the bundle. */
export function describeSigners(bundle: Bundle): readonly object[] {
  return signersOf(bundle).map(({ sid, digestAlgorithm, signatureAlgorithm, signingTime }) => ({
    sid:
      sid.type === "subjectKeyIdentifier"
        ? { type: sid.type, subjectKeyIdentifier: toHex(sid.subjectKeyIdentifier) }
        : { type: sid.type, issuer: formatName(sid.issuer), serialNumber: toHex(sid.serialNumber) },
    digestAlgorithm: digestAlgorithm.algorithm,
    signatureAlgorithm: signatureAlgorithm.algorithm,
    signingTime: signingTime?.toISOString() ?? null,
  }));
}

/**
 * The issuer of the list as the Python predecessor found it: the issuer in the first signer's name where it has one,
 * otherwise the subject of the first certificate in the envelope. Null for unsigned content.
 */
export function masterListIssuer({ bundle, certificates }: Snapshot): string | null {
  const signer = signersOf(bundle)[0];
  if (signer === undefined) return null;
  if (signer.sid.type === "issuerAndSerialNumber") return predecessorMasterListIssuer(signer.sid.issuer);

  let first: (typeof certificates)[number] | undefined;
  for (const entry of certificates) {
    if (entry.record.foundIn !== "envelope") continue;
    if (first === undefined || entry.record.index < first.record.index) first = entry;
  }
  return first === undefined
    ? null
    : predecessorMasterListIssuer(parseName(fromHex(first.record.subjectDer)));
}

function signersOf(bundle: Bundle): readonly SignerInfo[] {
  return bundle.objects.flatMap(({ signers }) => signers);
}
