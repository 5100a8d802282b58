/**
 * `inspect --pem`: certificates and CRLs as other tools read them.
 *
 * @module
 */

import { type Bundle, type Certificate, formatName, type RevocationList } from "cert-parser-core";
import { printable } from "../log/printable.ts";
import { certificatesOf, crlsOf } from "./bundle-parts.ts";

/** A block for each certificate; with `all`, those of the envelope and the CRLs too. */
export function* pemBlocks(bundle: Bundle, all: boolean): Generator<string> {
  for (const certificate of certificatesOf(bundle, all)) yield certificateBlock(certificate);
  if (!all) return;
  for (const crl of crlsOf(bundle)) yield crlBlock(crl);
}

/** A certificate under its subject and SHA-256: text before the boundary is left alone by readers (RFC 7468, 2). */
export function certificateBlock({ subject, sha256, foundIn, der }: Certificate): string {
  const where = foundIn === "envelope" ? " (envelope: no trust anchor)" : "";
  return `# ${printable(formatName(subject))} SHA-256 ${sha256}${where}\n${pem("CERTIFICATE", der)}`;
}

/** A CRL under its issuer and SHA-256. */
export function crlBlock({ issuer, sha256, der }: RevocationList): string {
  return `# CRL of ${printable(formatName(issuer))} SHA-256 ${sha256}\n${pem("X509 CRL", der)}`;
}

/** RFC 7468: base64 in lines of 64 characters. */
export function pem(label: string, der: Uint8Array): string {
  const base64 = Buffer.from(der.buffer, der.byteOffset, der.length).toString("base64");
  return `-----BEGIN ${label}-----\n${base64.replace(/.{1,64}/g, "$&\n")}-----END ${label}-----\n`;
}
