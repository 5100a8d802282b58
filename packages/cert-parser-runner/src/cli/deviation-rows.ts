/**
 * The deviations of Deviation Lists.
 *
 * @module
 */

import type { BundleDescription, DeviationDescriptionRecord, DeviationRecord } from "cert-parser-core";
import { formatCount } from "../log/figures.ts";
import { cutList, type Row } from "./layout.ts";

/** Which documents each is about, and what is wrong with them. */
export function deviationRows({ deviations }: BundleDescription): readonly Row[] {
  if (deviations.length === 0) return [];
  return [["deviations", formatCount(deviations.length), ...cutList(deviations, mostDeviations, lines)]];
}

function lines(deviation: DeviationRecord): readonly string[] {
  return [
    `${deviation.index}  ${documentsText(deviation)}`,
    ...deviation.descriptions.map((description) => `   ${descriptionText(description)}`),
  ];
}

function documentsText(deviation: DeviationRecord): string {
  const { documentType, dscIdentifier, issuingDate, documentNumbers } = deviation;
  const criteria = [
    documentType === null ? undefined : `of type ${documentType}`,
    signerText(dscIdentifier),
    issuingDate === null
      ? undefined
      : `issued from ${day(issuingDate.firstIssued)} to ${day(issuingDate.lastIssued)}`,
    documentNumbers === null ? undefined : numbersText(documentNumbers),
  ].filter((criterion) => criterion !== undefined);
  return criteria.length === 0 ? "all documents of the state" : `documents ${criteria.join(", ")}`;
}

function signerText(signer: DeviationRecord["dscIdentifier"]): string | undefined {
  switch (signer?.type) {
    case undefined:
      return undefined;
    case "issuerAndSerialNumber":
      return `signed under serial ${signer.serialNumber} of ${signer.issuer}`;
    case "subjectKeyIdentifier":
      return `signed under key identifier ${signer.subjectKeyIdentifier}`;
    case "certificateDigest":
      return `signed under the certificate of digest ${signer.certificateDigest}`;
  }
}

function numbersText(numbers: readonly string[]): string {
  const more = numbers.length - mostNumbers;
  const shown = numbers.slice(0, mostNumbers).join(" ");
  return `numbered ${shown}${more > 0 ? ` and ${formatCount(more)} more` : ""}`;
}

function descriptionText(description: DeviationDescriptionRecord): string {
  const type = description.deviationTypeName ?? description.deviationType;
  const parameters = description.parameters === null ? "" : ` (parameters ${description.parameters})`;
  return `${type}${parameters}${description.description === null ? "" : `: ${description.description}`}`;
}

function day(time: string): string {
  return time.slice(0, "YYYY-MM-DD".length);
}

const mostDeviations = 20;
const mostNumbers = 5;
