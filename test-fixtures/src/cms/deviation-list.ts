/**
 * Builds an ICAO Deviation List (Doc 9303-12, 10), and its content alone.
 *
 * ```asn1
 * DeviationList ::= SEQUENCE {               -- IMPLICIT TAGS
 *   version         DeviationListVersion,
 *   digestAlgorithm AlgorithmIdentifier OPTIONAL,
 *   deviations      SET OF Deviation }
 * Deviation ::= SEQUENCE {
 *   documents       DeviationDocuments,
 *   descriptions    SET OF DeviationDescription }
 * ```
 *
 * @module
 */

import {
  contextConstructed,
  contextPrimitive,
  element,
  integer,
  objectIdentifier,
  sequence,
  setOf,
  Tag,
} from "../asn1/der-writer.ts";
import { idIcaoDeviationList } from "../asn1/oids.ts";
import { encodeTime } from "../asn1/time.ts";
import { type HashName, hashes, sha256Hex } from "../crypto/hash.ts";
import { encodeName, type NameInput } from "../x509/name.ts";
import { buildSignedData, type SignedDataOptions } from "./signed-data.ts";

/** One deviation: which documents have it, and what it is. */
export interface DeviationInput {
  readonly documents?: DeviationDocumentsInput;
  readonly descriptions: readonly DeviationDescriptionInput[];
}

/** DeviationDocuments: a document is meant if all of the fields are true of it. */
export interface DeviationDocumentsInput {
  /** Two letters of the MRZ, such as `P<`. */
  readonly documentType?: string;
  readonly dscIdentifier?: DocumentSignerInput;
  /** `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly issuingDate?: { readonly firstIssued: string; readonly lastIssued: string };
  readonly documentNumbers?: readonly string[];
}

/** DocumentSignerIdentifier, in one of its three ways. */
export type DocumentSignerInput =
  /** `serialNumber`: content octets of the INTEGER. */
  | { readonly issuer: NameInput; readonly serialNumber: Uint8Array }
  | { readonly subjectKeyIdentifier: Uint8Array }
  | { readonly certificateDigest: Uint8Array };

/** DeviationDescription. */
export interface DeviationDescriptionInput {
  readonly description?: string;
  /** Dotted OID under 2.23.136.1.1.7. */
  readonly deviationType: string;
  /** The DER of whatever the type defines. */
  readonly parameters?: Uint8Array;
  /** DER of any type. */
  readonly nationalUse?: Uint8Array;
}

/** What goes into the content of a Deviation List. */
export interface DeviationContentOptions {
  readonly deviations: readonly DeviationInput[];
  /** The hash of each certificateDigest. Left out where undefined. */
  readonly digestAlgorithm?: HashName;
  /** DeviationListVersion. Default 0. */
  readonly listVersion?: number;
}

/** What goes into a Deviation List: its content, the signers and the rest of the envelope. */
export interface DeviationListOptions
  extends DeviationContentOptions,
    Pick<SignedDataOptions, "signers" | "crls" | "version" | "encoding" | "segmentBytes"> {
  /** DER certificates beside the content: the signer and, as a rule, its CSCA. */
  readonly envelopeCertificates?: readonly Uint8Array[];
}

/** A Deviation List and what stands in it. */
export interface BuiltDeviationList {
  readonly der: Uint8Array;
  /** Of `der`, lower-case hex. */
  readonly sha256: string;
  /** The DeviationList inside. */
  readonly content: Uint8Array;
}

/** Builds and signs a Deviation List. The same options give the same bytes. */
export function buildDeviationList(options: DeviationListOptions): BuiltDeviationList {
  const { envelopeCertificates: certificates = [] } = options;
  const content = buildDeviationContent(options);
  const der = buildSignedData({ ...options, contentType: idIcaoDeviationList, content, certificates });
  return { der, sha256: sha256Hex(der), content };
}

/** DeviationList, in DER: a list without its CMS. */
export function buildDeviationContent(options: DeviationContentOptions): Uint8Array {
  const { deviations, digestAlgorithm, listVersion = 0 } = options;
  const algorithm =
    digestAlgorithm === undefined ? [] : [sequence(objectIdentifier(hashes[digestAlgorithm].oid))];
  return sequence(integer(listVersion), ...algorithm, setOf(deviations.map(encodeDeviation)));
}

/** One Deviation, in DER. */
export function encodeDeviation({ documents = {}, descriptions }: DeviationInput): Uint8Array {
  const { documentType, dscIdentifier, issuingDate, documentNumbers } = documents;
  const fields = [
    documentType === undefined ? [] : [contextPrimitive(0, Buffer.from(documentType, "latin1"))],
    dscIdentifier === undefined ? [] : [encodeSigner(dscIdentifier)],
    issuingDate === undefined
      ? []
      : [
          contextConstructed(
            4,
            generalizedTime(issuingDate.firstIssued),
            generalizedTime(issuingDate.lastIssued),
          ),
        ],
    documentNumbers === undefined ? [] : [encodeNumbers(documentNumbers)],
  ];
  return sequence(sequence(...fields.flat()), setOf(descriptions.map(encodeDescription)));
}

function encodeSigner(signer: DocumentSignerInput): Uint8Array {
  if ("issuer" in signer) {
    return contextConstructed(1, encodeName(signer.issuer), integer(signer.serialNumber));
  }
  return "subjectKeyIdentifier" in signer
    ? contextPrimitive(2, signer.subjectKeyIdentifier)
    : contextPrimitive(3, signer.certificateDigest);
}

/** `[5] IMPLICIT SET OF PrintableString`: the elements sorted, the tag another. */
function encodeNumbers(numbers: readonly string[]): Uint8Array {
  const set = setOf(numbers.map(printableString));
  return Uint8Array.of(0xa5, ...set.subarray(1));
}

/** One DeviationDescription, in DER. */
export function encodeDescription(input: DeviationDescriptionInput): Uint8Array {
  const { description, deviationType, parameters, nationalUse } = input;
  return sequence(
    ...(description === undefined ? [] : [printableString(description)]),
    objectIdentifier(deviationType),
    // ANY is tagged explicitly, whatever the module's default (X.680, 31.2.7).
    ...(parameters === undefined ? [] : [contextConstructed(0, parameters)]),
    ...(nationalUse === undefined ? [] : [contextConstructed(1, nationalUse)]),
  );
}

function printableString(text: string): Uint8Array {
  return element(Tag.printableString, Buffer.from(text, "latin1"));
}

function generalizedTime(value: string): Uint8Array {
  return encodeTime({ value, form: "generalizedTime" });
}
