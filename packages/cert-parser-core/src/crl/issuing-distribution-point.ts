/**
 * IssuingDistributionPoint, RFC 5280 section 5.2.5: which certificates a CRL speaks of.
 *
 * ```asn1
 * IssuingDistributionPoint ::= SEQUENCE {
 *   distributionPoint          [0] DistributionPointName OPTIONAL,
 *   onlyContainsUserCerts      [1] BOOLEAN DEFAULT FALSE,
 *   onlyContainsCACerts        [2] BOOLEAN DEFAULT FALSE,
 *   onlySomeReasons            [3] ReasonFlags OPTIONAL,
 *   indirectCRL                [4] BOOLEAN DEFAULT FALSE,
 *   onlyContainsAttributeCerts [5] BOOLEAN DEFAULT FALSE }
 * ```
 *
 * @module
 */

import { type Element, expectEnd, readElement } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";
import {
  checkDistributionPointName,
  type DistributionPointName,
  distributionPointNameAt,
  type ReasonFlag,
  reasonFlagsAt,
} from "../x509/distribution-point-name.ts";
import { readBoolean } from "../x509/extension.ts";
import { sequenceOfOneOrMore } from "../x509/extension-sequence.ts";

/** Where the CRL is published, and what of the issuer's certificates it covers. */
export interface IssuingDistributionPoint extends DistributionPointName {
  readonly onlyContainsUserCerts: boolean;
  readonly onlyContainsCACerts: boolean;
  /** The reasons that the CRL covers; undefined where it covers all. */
  readonly onlySomeReasons: readonly ReasonFlag[] | undefined;
  /** Whether it holds certificates of other issuers. */
  readonly indirectCRL: boolean;
  readonly onlyContainsAttributeCerts: boolean;
}

/** The same without the name: what a CRL's scope depends on. */
export interface DistributionPointScope extends Omit<IssuingDistributionPoint, keyof DistributionPointName> {
  /** Whether a name of the distribution point is there. */
  readonly named: boolean;
}

/** Reads the IssuingDistributionPoint in the extnValue. */
export function decodeIssuingDistributionPoint(
  input: Uint8Array,
  extnValue: Element,
): IssuingDistributionPoint {
  const { distributionPoint, scope } = readFields(input, extnValue, []);
  const { named, ...fields } = scope;
  const name = distributionPoint && distributionPointNameAt(input, distributionPoint, path);
  return { fullName: undefined, nameRelativeToCRLIssuer: undefined, ...name, ...fields };
}

/** Reads it but for the names, which are checked: there may be millions. */
export function checkIssuingDistributionPoint(
  input: Uint8Array,
  extnValue: Element,
  findings: Finding[],
): DistributionPointScope {
  const { distributionPoint, scope } = readFields(input, extnValue, findings);
  if (distributionPoint !== undefined) checkDistributionPointName(input, distributionPoint, path);
  return scope;
}

interface Fields {
  /** The explicit tag around the DistributionPointName. */
  readonly distributionPoint: Element | undefined;
  readonly scope: DistributionPointScope;
}

function readFields(input: Uint8Array, extnValue: Element, findings: Finding[]): Fields {
  const { contentStart, end } = sequenceOfOneOrMore(input, extnValue, path, clause, findings);
  let at = contentStart;
  const next = (tag: number): Element | undefined => {
    if (at >= end || input[at] !== tag) return undefined;
    const element = readElement(input, at, end);
    at = element.end;
    return element;
  };
  const flag = (tag: number, name: string) => booleanAt(input, next(tag), `${path}.${name}`, findings);

  const distributionPoint = next(Tag.CONTEXT_0);
  const onlyContainsUserCerts = flag(Tag.CONTEXT_1_PRIMITIVE, "onlyContainsUserCerts");
  const onlyContainsCACerts = flag(Tag.CONTEXT_2_PRIMITIVE, "onlyContainsCACerts");
  const reasons = next(context3Primitive);
  const indirectCRL = flag(context4Primitive, "indirectCRL");
  const onlyContainsAttributeCerts = flag(context5Primitive, "onlyContainsAttributeCerts");
  expectEnd(at, end, path);
  return {
    distributionPoint,
    scope: {
      named: distributionPoint !== undefined,
      onlyContainsUserCerts,
      onlyContainsCACerts,
      onlySomeReasons: reasons && reasonFlagsAt(input, reasons, path),
      indirectCRL,
      onlyContainsAttributeCerts,
    },
  };
}

function booleanAt(
  input: Uint8Array,
  element: Element | undefined,
  where: string,
  findings: Finding[],
): boolean {
  if (element === undefined) return false;
  const octets = element.end - element.contentStart;
  // What it is taken for decides what the CRL is taken for: no guesses here.
  if (octets !== 1) {
    const { start: offset } = element;
    throw new CertParserError("DER_SYNTAX", `${where} is a BOOLEAN of ${octets} octets`, { offset, path });
  }
  return readBoolean(input, element, where, findings);
}

const path = "issuingDistributionPoint";
const clause = "RFC 5280, 5.2.5";
const [context3Primitive, context4Primitive, context5Primitive] = [0x83, 0x84, 0x85];
