/**
 * A certificate that stands by itself: who issued it, by which path, what CRLs say, and what is not known.
 *
 * @module
 */

import {
  type CertificateJudgment,
  foldName,
  formatName,
  type ObjectVerification,
  openCodes,
  type TrustAnchor,
} from "cert-parser-core";
import type { Row } from "./layout.ts";

/** The rows of the only certificate of an object; none for lists, and for several certificates. */
export function issuanceRows(
  { object, certificates, steps, verdict }: ObjectVerification,
  anchors: readonly TrustAnchor[] | undefined,
): readonly Row[] {
  const [only, ...others] = certificates;
  if (only === undefined || others.length > 0 || verdict !== undefined) return [];
  if (object.kind !== "certificate" && object.kind !== "certificates") return [];
  const revocation = steps.find(({ step }) => step === "revocation");
  const unknown = [
    ...steps.flatMap(({ code, message }) => (code !== null && openCodes.has(code) ? [message] : [])),
    ...(anchors === undefined && only.issuer !== undefined
      ? ["whether its CSCA belongs to the state: no trust anchors configured"]
      : []),
    ...(revocation === undefined || revocation.result === "skipped"
      ? ["whether it is revoked: no CRL of its CSCA is known"]
      : []),
  ];
  return [
    ["certificate", formatName(only.certificate.subject), only.certificate.sha256],
    ["issuer", ...issuerLines(only)],
    ["path", ...pathLines(only, anchors)],
    ["CRL", ...digestLines(revocation?.message ?? "none is known for its CSCA")],
    ...(unknown.length > 0 ? [["not known", ...unknown] satisfies Row] : []),
  ];
}

/** A digest is as long as a line. */
function digestLines(message: string): readonly string[] {
  const [digest] = /[0-9a-f]{64}/.exec(message) ?? [];
  return digest === undefined ? [message] : [message.replace(` ${digest}`, ""), digest];
}

function issuerLines({ certificate, issuer, issuerKeySha256 }: CertificateJudgment): readonly string[] {
  const named = formatName(certificate.issuer);
  if (issuer === undefined) return [`${named}, of which no certificate that fits is known`];
  const other = foldName(issuer.subject) === foldName(certificate.issuer) ? [] : [`named in it as ${named}`];
  return [formatName(issuer.subject), ...other, ...(issuerKeySha256 === undefined ? [] : [issuerKeySha256])];
}

function pathLines(
  { certificate, issuer }: CertificateJudgment,
  anchors: readonly TrustAnchor[] | undefined,
): readonly string[] {
  const start = [formatName(certificate.subject), certificate.sha256];
  if (issuer === undefined) return [...start, "<- unknown"];
  if (issuer.sha256 === certificate.sha256)
    return [`${start[0]}${anchorMark(issuer.sha256, anchors)}`, ...start.slice(1)];
  return [
    ...start,
    `<- CSCA${anchorMark(issuer.sha256, anchors)}: ${formatName(issuer.subject)}`,
    issuer.sha256,
  ];
}

function anchorMark(sha256: string, anchors: readonly TrustAnchor[] = []): string {
  const digests = anchors.map((anchor) =>
    typeof anchor === "string" ? anchor.toLowerCase() : anchor.sha256,
  );
  return digests.includes(sha256) ? " (anchor)" : "";
}
