/**
 * CRLDistributionPoints, RFC 5280 section 4.2.1.13: where the CRL is to be had.
 *
 * ```asn1
 * CRLDistributionPoints ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint
 * DistributionPoint ::= SEQUENCE {
 *   distributionPoint [0] DistributionPointName OPTIONAL,
 *   reasons           [1] ReasonFlags OPTIONAL,
 *   cRLIssuer         [2] GeneralNames OPTIONAL }
 * ```
 *
 * @module
 */

import { type Element, expectElement, expectEnd, readElement } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import type { Finding } from "../findings.ts";
import {
  checkDistributionPointName,
  type DistributionPointName,
  distributionPointNameAt,
  type ReasonFlag,
  reasonFlagsAt,
} from "./distribution-point-name.ts";
import { sequenceOfOneOrMore } from "./extension-sequence.ts";
import { checkGeneralNames, type GeneralName, generalNamesAt } from "./general-name.ts";

/** One place where a CRL is to be had. */
export interface DistributionPoint extends DistributionPointName {
  /** The reasons that the CRL there covers; undefined where it covers all. */
  readonly reasons: readonly ReasonFlag[] | undefined;
  /** Who signs the CRL; undefined where that is the certificate's issuer. */
  readonly cRLIssuer: readonly GeneralName[] | undefined;
}

/** Reads the CRLDistributionPoints in the extnValue. */
export function decodeCrlDistributionPoints(
  input: Uint8Array,
  extnValue: Element,
  findings: Finding[],
): readonly DistributionPoint[] {
  const points: DistributionPoint[] = [];
  walkDistributionPoints(input, extnValue, findings, points);
  return points;
}

/** Throws unless the extnValue holds CRLDistributionPoints. */
export function checkCrlDistributionPoints(input: Uint8Array, extnValue: Element, findings: Finding[]): void {
  walkDistributionPoints(input, extnValue, findings, undefined);
}

/** One walk for both, so that what was checked cannot fail when it is read. */
function walkDistributionPoints(
  input: Uint8Array,
  extnValue: Element,
  findings: Finding[],
  into: DistributionPoint[] | undefined,
): void {
  const sequence = sequenceOfOneOrMore(input, extnValue, path, "RFC 5280, 4.2.1.13", findings);
  for (let at = sequence.contentStart; at < sequence.end; ) {
    const point = expectElement(input, at, sequence.end, Tag.SEQUENCE, path);
    readDistributionPoint(input, point, into);
    at = point.end;
  }
}

function readDistributionPoint(
  input: Uint8Array,
  { contentStart, end }: Element,
  into: DistributionPoint[] | undefined,
): void {
  let at = contentStart;
  const next = (tag: number): Element | undefined => {
    if (at >= end || input[at] !== tag) return undefined;
    const element = readElement(input, at, end);
    at = element.end;
    return element;
  };
  const name = next(Tag.CONTEXT_0);
  const flags = next(Tag.CONTEXT_1_PRIMITIVE);
  const issuer = next(Tag.CONTEXT_2);
  expectEnd(at, end, path);

  const reasons = flags && reasonFlagsAt(input, flags, path);
  if (into === undefined) {
    if (name) checkDistributionPointName(input, name, path);
    if (issuer) checkGeneralNames(input, issuer, path);
    return;
  }
  into.push({
    ...(name === undefined ? unnamed : distributionPointNameAt(input, name, path)),
    reasons,
    cRLIssuer: issuer && generalNamesAt(input, issuer, path),
  });
}

const path = "cRLDistributionPoints";
const unnamed: DistributionPointName = { fullName: undefined, nameRelativeToCRLIssuer: undefined };
