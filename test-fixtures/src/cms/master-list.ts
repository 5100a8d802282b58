/**
 * Builds a CSCA Master List (Doc 9303-12), and its content alone.
 *
 * ```asn1
 * CscaMasterList ::= SEQUENCE {
 *   version   CscaMasterListVersion,
 *   certList  SET OF Certificate }
 * ```
 *
 * @module
 */

import { element, integer, sequence, setOf, Tag } from "../asn1/der-writer.ts";
import { idIcaoCscaMasterList } from "../asn1/oids.ts";
import { sha256Hex } from "../crypto/hash.ts";
import { buildSignedData, type SignedDataOptions } from "./signed-data.ts";

/** What goes into the content of a Master List. */
export interface ListContentOptions {
  /** DER certificates, or whatever shall stand in their place. */
  readonly certificates: readonly Uint8Array[];
  /** `der` sorts the SET OF as X.690, 11.6 asks; `given` leaves it. Default `der`. */
  readonly order?: "der" | "given";
  /** CscaMasterListVersion. Default 0. */
  readonly listVersion?: number;
}

/** What goes into a Master List: its content, the signers and the rest of the envelope. */
export interface MasterListOptions
  extends ListContentOptions,
    Pick<SignedDataOptions, "signers" | "crls" | "version" | "encoding" | "segmentBytes"> {
  /** DER certificates beside the content: the signer and, as a rule, its CSCA. */
  readonly envelopeCertificates?: readonly Uint8Array[];
  /** Default: id-icao-cscaMasterList. */
  readonly contentType?: string;
  /** Changes the content before it is signed. */
  readonly changeContent?: (content: Uint8Array) => Uint8Array;
}

/** A Master List and what stands in it. */
export interface BuiltMasterList {
  readonly der: Uint8Array;
  /** Of `der`, lower-case hex. */
  readonly sha256: string;
  /** The CscaMasterList inside. */
  readonly content: Uint8Array;
}

/** Builds and signs a Master List. The same options give the same bytes. */
export function buildMasterList(options: MasterListOptions): BuiltMasterList {
  const { contentType = idIcaoCscaMasterList, envelopeCertificates = [] } = options;
  const { changeContent = (content) => content } = options;
  const content = changeContent(buildListContent(options));
  const der = buildSignedData({ ...options, contentType, content, certificates: envelopeCertificates });
  return { der, sha256: sha256Hex(der), content };
}

/** CscaMasterList, in DER: a list without its CMS. */
export function buildListContent(options: ListContentOptions): Uint8Array {
  const { certificates, order = "der", listVersion = 0 } = options;
  const certList = order === "der" ? setOf(certificates) : element(Tag.set, ...certificates);
  return sequence(integer(listVersion), certList);
}
