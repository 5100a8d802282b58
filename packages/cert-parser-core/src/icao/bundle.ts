/**
 * A file of this field, recognised by its content: what `readBundle` gives.
 *
 * @module
 */

import type { SignerInfo } from "../cms/signer-info.ts";
import type { RevocationList } from "../crl/revocation-list.ts";
import type { Finding, Rejection } from "../findings.ts";
import type { Certificate } from "../x509/certificate.ts";

/** What a file is. */
export type BundleKind =
  | "master-list"
  | "bare-master-list"
  | "certificate"
  | "certificates"
  | "crl"
  | "ldif"
  | "zip"
  | "deviation-list";

/** One object to be judged: a CMS list with its signers, or unsigned content with none. */
export interface SignedObject {
  readonly kind: Exclude<BundleKind, "ldif" | "zip">;
  /** Byte offset of the object in the bundle. */
  readonly offset: number;
  /** The exact bytes of the object. */
  readonly der: Uint8Array;
  /** The content's certificates, in its order, duplicates included. */
  readonly certificates: readonly Certificate[];
  /** Certificates beside the content, which no signature covers: never trust anchors. */
  readonly envelopeCertificates: readonly Certificate[];
  readonly crls: readonly RevocationList[];
  /** Empty for unsigned content. */
  readonly signers: readonly SignerInfo[];
  /** Parts that could not be read. */
  readonly rejections: readonly Rejection[];
  /** Findings on the object itself; each certificate and CRL has its own. */
  readonly findings: readonly Finding[];
}

/** A whole file, opened. */
export interface Bundle {
  readonly kind: BundleKind;
  /** The exact bytes of the file. */
  readonly bytes: Uint8Array;
  /** SHA-256 of the file, lower-case hex. */
  readonly sha256: string;
  readonly objects: readonly SignedObject[];
  /** Findings on the file itself. */
  readonly findings: readonly Finding[];
}
