/**
 * A file of this field, recognised by its content: what `readBundle` gives.
 *
 * @module
 */

import type { SignerInfo } from "../cms/signer-info.ts";
import type { RevocationList } from "../crl/revocation-list.ts";
import type { Finding, Origin, Rejection } from "../findings.ts";
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
  /** Byte offset of the object in the bundle, or in the part of it that `origin` names. */
  readonly offset: number;
  /** The part of the file that it stood in; undefined where the file is nothing else. */
  readonly origin: Origin | undefined;
  /** The exact bytes of the object; for what stands by itself in a text, a directory or an archive, those of the whole. */
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

/** What an LDIF file says of the directory, beside the objects in it. */
export interface PkdDirectory {
  /** How many entries or changes there were. */
  readonly records: number;
  /** Whether it holds changes: a delta, to go on top of a collection that is held already. */
  readonly isDelta: boolean;
  /** The values of `pkdVersion`, each once, in ascending order. */
  readonly versions: readonly number[];
  /** Changes to what the file does not hold itself: they are for the collection below the delta. */
  readonly changes: readonly PkdChange[];
}

/** Something that is to leave an entry of the directory. */
export interface PkdChange {
  readonly dn: string;
  /** Name of the attribute in lower case; null where the whole entry goes. */
  readonly attribute: string | null;
  /** The values that go; empty where all of the attribute do. */
  readonly values: readonly Uint8Array[];
  /** Byte offset of the change in the file. */
  readonly offset: number;
}

/** A whole file, opened. */
export interface Bundle {
  readonly kind: BundleKind;
  /** The exact bytes of the file; undefined where it was read as a stream and not held. */
  readonly bytes: Uint8Array | undefined;
  /** Length of the file. */
  readonly byteLength: number;
  /** SHA-256 of the file, lower-case hex. */
  readonly sha256: string;
  readonly objects: readonly SignedObject[];
  /** One for each LDIF file: the file itself, or a member of the archive. */
  readonly directories: readonly PkdDirectory[];
  /** Findings on the file itself. */
  readonly findings: readonly Finding[];
}

/** A bundle whose bytes are held, as a store wants it. */
export interface HeldBundle extends Bundle {
  readonly bytes: Uint8Array;
}
