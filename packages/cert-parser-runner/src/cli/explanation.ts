/**
 * `inspect --certificate` and `--crl`: one of them in full.
 *
 * @module
 */

import {
  type Bundle,
  describeCertificate,
  type Rejection,
  revokedCertificateRecords,
  toCrlRecord,
  toHex,
} from "cert-parser-core";
import { certificatesOf, crlsOf } from "./bundle-parts.ts";
import { terminal } from "./bundle-text.ts";
import { certificateText } from "./certificate-text.ts";
import { crlTexts } from "./crl-text.ts";
import { alignRows } from "./layout.ts";
import { certificateBlock, crlBlock, pem } from "./pem-blocks.ts";
import { selectPart } from "./selection.ts";
import { rejectionRow } from "./trouble-rows.ts";

/** How to show it. */
export type ExplanationFormat = "json" | "pem" | "text";

/** Explains the certificate that `which` names. */
export function* explainCertificate(
  bundle: Bundle,
  which: string,
  file: string,
  format: ExplanationFormat,
  now: Date,
): Generator<string> {
  const certificates = [...certificatesOf(bundle, true)];
  const { part, positions, rejections } = selectPart(which, certificates, {
    bundle,
    file,
    kind: "certificate",
  });
  if (part === undefined) return yield* explainRejections(rejections, "CERTIFICATE", format);
  if (format === "pem") return yield certificateBlock(part);
  const description = describeCertificate(part);
  if (format === "json") {
    const rejected = rejections.map(rejectionRecord);
    return yield document({ ...description, positions, rejected });
  }
  yield certificateText(description, {
    positions,
    of: certificates.length,
    rejections,
    now,
  });
}

/** Explains the CRL that `which` names. */
export function* explainCrl(
  bundle: Bundle,
  which: string,
  file: string,
  format: ExplanationFormat,
): Generator<string> {
  const crls = [...crlsOf(bundle)];
  const { part, rejections } = selectPart(which, crls, { bundle, file, kind: "crl" });
  if (part === undefined) return yield* explainRejections(rejections, "X509 CRL", format);
  if (format === "pem") return yield crlBlock(part);
  if (format === "text") return yield* crlTexts(part);
  // A million entries are no one string.
  const head = JSON.stringify(toCrlRecord(part), null, 2).slice(0, -"\n}".length);
  yield `${head},\n  "entries": [`;
  let separator = "\n";
  for (const entry of revokedCertificateRecords(part)) {
    yield `${separator}    ${JSON.stringify(entry)}`;
    separator = ",\n";
  }
  yield "\n  ]\n}\n";
}

/** What was rejected can be looked at as well: with `openssl asn1parse`, for instance. */
function* explainRejections(
  rejections: readonly Rejection[],
  label: string,
  format: ExplanationFormat,
): Generator<string> {
  if (format === "json") return yield document({ rejected: rejections.map(rejectionRecord) });
  for (const rejection of rejections) {
    if (format === "pem") yield `# rejected SHA-256 ${rejection.sha256}\n${pem(label, rejection.der)}`;
    else yield alignRows([rejectionRow(rejection), ["SHA-256", rejection.sha256]], terminal);
  }
}

function rejectionRecord(rejection: Rejection) {
  const { der, origin = null, ...record } = rejection;
  return { ...record, origin, bytes: der.length, der: toHex(der) };
}

function document(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
