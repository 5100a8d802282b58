/**
 * Subject and issuer alternative name, RFC 5280 sections 4.2.1.6 and 4.2.1.7, and what ICAO has in them.
 *
 * @module
 */

import { idAtLocalityName, idAtStateOrProvinceName } from "../der/oids.ts";
import type { Element } from "../der/reader.ts";
import type { Finding } from "../findings.ts";
import { sequenceOfOneOrMore } from "./extension-sequence.ts";
import { checkGeneralNames, type GeneralName, generalNamesAt } from "./general-name.ts";

/** The state that an alternative name tells, as Doc 9303-12 has it. */
export interface IssuingState {
  /** The code in the machine readable zone, of three letters, or `D`. */
  readonly localityName: string | undefined;
  /** What tells apart authorities that share that code: a code of three letters, or of Doc 9303-3. */
  readonly stateOrProvinceName: string | undefined;
}

/** Reads the SubjectAltName in the extnValue. */
export function decodeSubjectAltName(
  input: Uint8Array,
  extnValue: Element,
  findings: Finding[],
): readonly GeneralName[] {
  return generalNamesAt(input, frameSubjectAltName(input, extnValue, findings), "subjectAltName");
}

/** Throws unless the extnValue holds a SubjectAltName. */
export function checkSubjectAltName(input: Uint8Array, extnValue: Element, findings: Finding[]): void {
  checkGeneralNames(input, frameSubjectAltName(input, extnValue, findings), "subjectAltName");
}

/** Reads the IssuerAltName in the extnValue. */
export function decodeIssuerAltName(
  input: Uint8Array,
  extnValue: Element,
  findings: Finding[],
): readonly GeneralName[] {
  return generalNamesAt(input, frameIssuerAltName(input, extnValue, findings), "issuerAltName");
}

/** Throws unless the extnValue holds an IssuerAltName. */
export function checkIssuerAltName(input: Uint8Array, extnValue: Element, findings: Finding[]): void {
  checkGeneralNames(input, frameIssuerAltName(input, extnValue, findings), "issuerAltName");
}

/** The state in the first directoryName that has one (Doc 9303-12, 7.1.1); undefined where none has. */
export function issuingStateOf(names: readonly GeneralName[] | undefined): IssuingState | undefined {
  for (const name of names ?? []) {
    if (name.type !== "directoryName") continue;
    const attributes = name.value.rdns.flat();
    const textOf = (wanted: string) =>
      attributes.find(({ type, value }) => type === wanted && value !== null)?.value ?? undefined;
    const localityName = textOf(idAtLocalityName);
    const stateOrProvinceName = textOf(idAtStateOrProvinceName);
    if (localityName !== undefined || stateOrProvinceName !== undefined) {
      return { localityName, stateOrProvinceName };
    }
  }
  return undefined;
}

function frameSubjectAltName(input: Uint8Array, extnValue: Element, findings: Finding[]): Element {
  return sequenceOfOneOrMore(input, extnValue, "subjectAltName", "RFC 5280, 4.2.1.6", findings);
}

function frameIssuerAltName(input: Uint8Array, extnValue: Element, findings: Finding[]): Element {
  return sequenceOfOneOrMore(input, extnValue, "issuerAltName", "RFC 5280, 4.2.1.7", findings);
}
