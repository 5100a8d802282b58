/**
 * The plain record of a deviation.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import { formatTime } from "../der/time.ts";
import type { Deviation, DeviationDescription, DocumentSignerIdentifier } from "../icao/deviation.ts";
import type { DeviationTypeName } from "../icao/deviation-types.ts";
import { formatName, formatNameDer } from "../x509/name.ts";

/** One deviation as plain data, ready for JSON. */
export interface DeviationRecord {
  /** Position in the list, from 0. */
  readonly index: number;
  /** Byte offset in the input. */
  readonly offset: number;
  /** As in the MRZ; null where documents of every type are meant. */
  readonly documentType: string | null;
  /** Null where documents of every signer are meant. */
  readonly dscIdentifier: DocumentSignerRecord | null;
  /** Null where the time of issuing does not matter. */
  readonly issuingDate: { readonly firstIssued: string; readonly lastIssued: string } | null;
  /** Null where documents of every number are meant. */
  readonly documentNumbers: readonly string[] | null;
  readonly descriptions: readonly DeviationDescriptionRecord[];
}

/** How the document signer's certificate is named; bytes in lower-case hex. */
export type DocumentSignerRecord =
  | {
      readonly type: "issuerAndSerialNumber";
      /** RFC 4514. */
      readonly issuer: string;
      readonly issuerDer: string;
      /** Content octets of the INTEGER. */
      readonly serialNumber: string;
    }
  | { readonly type: "subjectKeyIdentifier"; readonly subjectKeyIdentifier: string }
  | { readonly type: "certificateDigest"; readonly certificateDigest: string };

/** What is wrong with the documents, as plain data. */
export interface DeviationDescriptionRecord {
  readonly description: string | null;
  /** Dotted OID. */
  readonly deviationType: string;
  /** Null for a type that is none of the standard's. */
  readonly deviationTypeName: DeviationTypeName | null;
  /** DER, lower-case hex. */
  readonly parameters: string | null;
  /** DER, lower-case hex. */
  readonly nationalUse: string | null;
}

/** Makes the record of a deviation. */
export function toDeviationRecord({ index, offset, documents, descriptions }: Deviation): DeviationRecord {
  const { documentType, dscIdentifier, issuingDate, documentNumbers } = documents;
  return {
    index,
    offset,
    documentType: documentType ?? null,
    dscIdentifier: dscIdentifier ? recordSigner(dscIdentifier) : null,
    issuingDate: issuingDate
      ? { firstIssued: formatTime(issuingDate.firstIssued), lastIssued: formatTime(issuingDate.lastIssued) }
      : null,
    documentNumbers: documentNumbers ?? null,
    descriptions: descriptions.map(recordDescription),
  };
}

function recordSigner(identifier: DocumentSignerIdentifier): DocumentSignerRecord {
  switch (identifier.type) {
    case "issuerAndSerialNumber": {
      const { type, issuer, serialNumber } = identifier;
      return {
        type,
        issuer: formatName(issuer),
        issuerDer: formatNameDer(issuer),
        serialNumber: toHex(serialNumber),
      };
    }
    case "subjectKeyIdentifier":
      return { type: identifier.type, subjectKeyIdentifier: toHex(identifier.subjectKeyIdentifier) };
    case "certificateDigest":
      return { type: identifier.type, certificateDigest: toHex(identifier.certificateDigest) };
  }
}

function recordDescription(description: DeviationDescription): DeviationDescriptionRecord {
  const { parameters, nationalUse } = description;
  return {
    description: description.description ?? null,
    deviationType: description.deviationType,
    deviationTypeName: description.deviationTypeName ?? null,
    parameters: parameters ? toHex(parameters) : null,
    nationalUse: nationalUse ? toHex(nationalUse) : null,
  };
}
